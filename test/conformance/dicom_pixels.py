"""What pydicom reads: one JSON line a frame (or mosaic tile) with the SHA-256 of its rescaled float32 pixels and its place.

Usage: python3 dicom_pixels.py FILE...   Values: float32(slope * stored + intercept), in double precision before; phase of
Siemens and Philips in radians, as the studio shows it. Mosaic tiles get their places from nibabel's Siemens reader.
"""
import hashlib
import json
import math
import sys

import numpy as np
import pydicom


def radians(ds, kind):
    if kind != "phase":
        return 1.0
    maker = str(ds.get("Manufacturer", "")).lower()
    return math.pi / 4096 if maker.startswith("siemens") else 1e-3 if maker.startswith("philips") else 1.0


def component(values):
    return "phase" if "P" in list(values)[2:] or "PHASE MAP" in list(values)[2:] else "magnitude"


def line(name, values, position, orientation, spacing, echo, kind, slope, intercept, factor):
    scaled = (slope * factor) * values.astype(np.float64) + intercept * factor
    out = np.ascontiguousarray(scaled.astype("<f4"))
    digest = hashlib.sha256(out.tobytes()).hexdigest()
    as_list = lambda v: None if v is None else [float(x) for x in v]
    print(json.dumps({"file": name, "sha256": digest, "shape": out.shape, "position": as_list(position), "orientation": as_list(orientation),
                      "spacing": as_list(spacing), "echo": None if echo is None else float(echo), "component": kind}))


def enhanced(name, ds, pixels):
    shared = ds.SharedFunctionalGroupsSequence[0] if "SharedFunctionalGroupsSequence" in ds else pydicom.Dataset()

    def group(frame, keyword):
        for source in (frame, shared):
            if keyword in source:
                return source[keyword].value[0]
        return pydicom.Dataset()

    for frame, values in zip(ds.PerFrameFunctionalGroupsSequence, pixels):
        scale = group(frame, "PixelValueTransformationSequence")
        kind = group(frame, "MRImageFrameTypeSequence").ComplexImageComponent.lower()
        line(name, values, group(frame, "PlanePositionSequence").ImagePositionPatient,
             group(frame, "PlaneOrientationSequence").ImageOrientationPatient, group(frame, "PixelMeasuresSequence").PixelSpacing,
             group(frame, "MREchoSequence").get("EffectiveEchoTime"), kind,
             float(scale.get("RescaleSlope", 1)), float(scale.get("RescaleIntercept", 0)), radians(ds, kind))


def mosaic(name, ds):
    from nibabel.nicom.dicomwrappers import wrapper_from_data
    wrapper = wrapper_from_data(ds)
    data, affine = wrapper.get_unscaled_data(), wrapper.affine
    for s in range(data.shape[2]):
        line(name, data[:, :, s], (affine @ [0, 0, s, 1])[:3], ds.ImageOrientationPatient, ds.PixelSpacing, ds.get("EchoTime"), "magnitude", 1, 0, 1)


for path in sys.argv[1:]:
    ds = pydicom.dcmread(path, force=True)
    name = path.replace("\\", "/").split("/")[-1]
    if "MOSAIC" in ds.get("ImageType", []):
        mosaic(name, ds)
    elif "PerFrameFunctionalGroupsSequence" in ds:
        enhanced(name, ds, ds.pixel_array)
    else:
        kind = component(ds.get("ImageType", []))
        line(name, ds.pixel_array, ds.get("ImagePositionPatient"), ds.get("ImageOrientationPatient"), ds.get("PixelSpacing"), ds.get("EchoTime"),
             kind, float(ds.get("RescaleSlope", 1)), float(ds.get("RescaleIntercept", 0)), radians(ds, kind))
