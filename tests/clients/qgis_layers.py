"""Run by the Python that QGIS is installed for: opens a .qlr, .qgs or .gpkg and says what is in it.

With a second name it draws all visible layers there, over the third to sixth word (an extent).
"""

import json
import sys
from collections import Counter

from qgis.core import (
    Qgis,
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsExpressionContext,
    QgsExpressionContextUtils,
    QgsLayerDefinition,
    QgsMapRendererParallelJob,
    QgsMapSettings,
    QgsProject,
    QgsProviderRegistry,
    QgsProviderSublayerDetails,
    QgsRectangle,
)
from qgis.PyQt.QtCore import QSize
from qgis.PyQt.QtGui import QColor, QImage


def described(layer):
    renderer = layer.renderer()
    inner = renderer.embeddedRenderer() if renderer.type() == "pointDisplacement" else renderer
    features = list(layer.getFeatures())
    fields = layer.fields()
    return {
        "name": layer.name(),
        "valid": layer.isValid(),
        "provider": layer.providerType(),
        "crs": layer.crs().authid(),
        "counted": layer.featureCount(),
        "read": len(features),
        "different": len({feature.id() for feature in features}),
        "renderer": renderer.type(),
        "rules": [
            [rule.label(), rule.filterExpression(), rule.active()]
            for rule in inner.rootRule().children()
        ],
        "labels": layer.labelsEnabled() and layer.labeling().settings().fieldName,
        "aliases": {field.name(): layer.attributeAlias(i) for i, field in enumerate(fields)},
        "widgets": {
            field.name(): layer.editorWidgetSetup(i).type() for i, field in enumerate(fields)
        },
        "known": {
            field.name(): sum(feature[i] not in (None, "") for feature in features)
            for i, field in enumerate(fields)
        },
    }


def sublayers(file):
    """As the window does when such a file is dropped on it: each with its default style."""
    found = QgsProviderRegistry.instance().querySublayers(
        file, Qgis.SublayerQueryFlag.ResolveGeometryType
    )
    options = QgsProviderSublayerDetails.LayerOptions(QgsProject.instance().transformContext())
    layers = [one.toLayer(options) for one in found]
    return sorted(layers, key=lambda one: one.geometryType())  # points over lines over areas


def draw(layers, file, bounds):
    settings = QgsMapSettings()
    settings.setLayers(layers)
    settings.setOutputSize(QSize(1400, 1000))
    settings.setOutputDpi(110)
    settings.setBackgroundColor(QColor(244, 241, 234))
    metres = QgsCoordinateReferenceSystem("EPSG:3857")
    settings.setDestinationCrs(metres)
    degrees = QgsCoordinateReferenceSystem("EPSG:4326")
    turn = QgsCoordinateTransform(degrees, metres, QgsProject.instance())
    settings.setExtent(turn.transformBoundingBox(QgsRectangle(*bounds)))
    context = QgsExpressionContext()
    context.appendScope(QgsExpressionContextUtils.globalScope())
    context.appendScope(QgsExpressionContextUtils.mapSettingsScope(settings))  # as its window does
    settings.setExpressionContext(context)
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    image = job.renderedImage()
    image.save(file)
    return [error.message for error in job.errors()], image


def counted(image):
    """How many pixels have each of the commonest colours, written as #rrggbb."""
    plain = image.convertToFormat(QImage.Format_RGB32)
    data = bytes(plain.constBits().asarray(plain.byteCount()))
    found = Counter(data[start : start + 4] for start in range(0, len(data), 4))
    return {f"#{c[2]:02x}{c[1]:02x}{c[0]:02x}": n for c, n in found.most_common(200)}


def boxes(image):
    """From where to where in the picture the commonest colours are: left, top, right, bottom."""
    found = {}
    for y in range(image.height()):
        for x in range(image.width()):
            box = found.setdefault(image.pixel(x, y) & 0xFFFFFF, [x, y, x, y, 0])
            box[:] = min(box[0], x), box[1], max(box[2], x), y, box[4] + 1
    return {f"#{colour:06x}": box for colour, box in found.items() if box[4] > 20}


def main(file, picture=None, *bounds):
    application = QgsApplication([], False)
    application.initQgis()
    project = QgsProject.instance()
    said = {}
    if file.endswith(".qgs"):
        assert project.read(file), project.error()
        root = project.layerTreeRoot()
        said["title"], said["crs"] = project.title(), project.crs().authid()
        said["groups"] = [group.name() for group in root.findGroups()]
        layers = root.layerOrder()
        shown = [layer for layer in layers if root.findLayer(layer).isVisible()]
    elif file.endswith(".gpkg"):
        layers = shown = sublayers(file)
        project.addMapLayers(layers)  # who owns them takes them away before QGIS ends
    else:
        layers = shown = QgsLayerDefinition.loadLayerDefinitionLayers(file)
    said["layers"] = [described(layer) for layer in layers]
    if picture:
        said["errors"], image = draw(shown, picture, [float(bound) for bound in bounds])
        said["colours"], said["boxes"] = counted(image), boxes(image)
    sys.stdout.write("\n" + json.dumps(said, default=str) + "\n")
    sys.stdout.flush()
    project.clear()
    application.exitQgis()


main(*sys.argv[1:])
