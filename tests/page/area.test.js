import "./globals.js";
import assert from "node:assert/strict";
import test from "node:test";

const { boxOf, circleOf, drawn, isArea, polygonOf } = await import("../../server/static/area.js");
const at = (lng, lat) => globalThis.L.latLng(lat, lng);

test("a box is written from west to east, across the antimeridian too", () => {
  assert.equal(boxOf(at(121, 31), at(120, 30)), "box:120,30,121,31");
  assert.equal(boxOf(at(181, -17), at(179, -18)), "box:179,-18,-179,-17");
  assert.equal(boxOf(at(-181, -17), at(-179, -18)), "box:179,-18,-179,-17");
  assert.equal(boxOf(at(182, -17), at(181, -18)), "box:-179,-18,-178,-17");
});

test("a circle's centre is on the globe once", () => {
  assert.match(circleOf(at(180.5, -17), at(180.6, -17)), /^circle:-179\.5,-17,10\d\d\d$/);
});

test("an area comes back beside the middle of the map", () => {
  assert.deepEqual(drawn("box:179,-18,-179,-17", 179.5), { kind: "box", numbers: [179, -18, 181, -17] });
  assert.deepEqual(drawn("box:179,-18,-179,-17", -179.5), { kind: "box", numbers: [-181, -18, -179, -17] });
  assert.deepEqual(drawn("circle:-179.5,-17,100", 179), { kind: "circle", numbers: [180.5, -17, 100] });
  assert.deepEqual(drawn("polygon:-179,1,-178,1,-178,2", 181)?.numbers, [181, 1, 182, 1, 182, 2]);
  assert.deepEqual(drawn("box:120,30,121,31", 120.5)?.numbers, [120, 30, 121, 31]);
  assert.equal(drawn("near:a/b,1000", 0), null);
  assert.equal(polygonOf([at(181, 1), at(182, 1), at(182, 2)]), "polygon:181,1,182,1,182,2");
});

test("what is no area is none", () => {
  for (const text of ["box:9,49,11,51", "circle:10,50,1000", "polygon:9,49,11,49,10,51", "feature:wells/w1", "near:wells/w1,100"]) assert.ok(isArea(text), text);
  for (const text of ["", "box", "box:", "box:9,49,11", "box:9,49,11,51/", "box:9,49,11,", "box:1,2,3,1e999", "circle:1,2", "polygon:1,2,3,4", "polygon:1,2,3,4,5,6,7", "near:", "star:1,2"]) {
    assert.ok(!isArea(text), text);
    assert.equal(drawn(text, 10), null);
  }
});
