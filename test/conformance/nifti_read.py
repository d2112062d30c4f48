"""What nibabel reads: one JSON line a file with dtype, shape, affine (RAS+), description, extensions, and the voxels as hex of little-endian bytes' SHA-256.

Usage: python3 nifti_read.py FILE...   Voxels are hashed in the order of the header (first axis fastest), scaled, as float32 or complex64.
"""
import hashlib
import json
import sys

import nibabel as nib
import numpy as np

for path in sys.argv[1:]:
    image = nib.load(path)
    data = np.asanyarray(image.dataobj)
    kind = "<c8" if np.iscomplexobj(data) else "<f4"
    voxels = data.astype(np.complex128 if kind == "<c8" else np.float64).astype(kind)
    print(json.dumps({
        "dtype": str(image.get_data_dtype()),
        "shape": [int(n) for n in data.shape],
        "affine": image.affine.tolist(),
        "qform": image.header.get_qform().tolist(),
        "codes": [int(image.header["qform_code"]), int(image.header["sform_code"])],
        "descrip": image.header["descrip"].item().decode(),
        "comments": [e.text if hasattr(e, "text") else e.get_content().decode().rstrip("\0") for e in image.header.extensions if e.get_code() == 6],
        "sha256": hashlib.sha256(voxels.tobytes(order="F")).hexdigest(),
    }))
