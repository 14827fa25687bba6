"""The media types that answers come as, spelled in one place; formats of files bring their own."""

JSON = "application/json"
GEOJSON = "application/geo+json"
SCHEMA = "application/schema+json"
PROBLEM = "application/problem+json"
OPENAPI = "application/vnd.oai.openapi+json"
# What the landing page has to call the API definition, to the letter (OGC API Features, 7.2).
OPENAPI_3_0 = f"{OPENAPI};version=3.0"
HTML = "text/html"
PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FORM = "application/x-www-form-urlencoded"
