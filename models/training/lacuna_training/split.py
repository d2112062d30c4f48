"""Which files are trained on and which are held out, after the use column of the data index.

Training code opens `TRAIN` and `MEASURED_COILS` alone. `nii/ptbp_t1_axial_train.npz` is trainable by the index, but its data
licence is not verified, so no weights are made from it. Of the one fully sampled measured slice, training sees the smooth coil
maps, warped; its anatomy is never shown, so that the slice itself can still tell how a network does on measured data.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Source:
    """A file below the data folder, its licence, whom to cite, and the axes along which slices are taken."""

    file: str
    licence: str
    citation: str
    planes: tuple[int, ...] = (2,)


LJUBLJANA = 'Ljubljana longitudinal MS database; Lesjak et al., Neuroinformatics 2016'

TRAIN = (
    Source('nii/openms_p01_s1_T1W.nii.gz', 'CC-BY', LJUBLJANA),
    Source('nii/openms_p01_s1_T2W.nii.gz', 'CC-BY', LJUBLJANA),
    Source('nii/openms_p01_s1_FLAIR.nii.gz', 'CC-BY', LJUBLJANA),
    Source('nii/openms_p03_s1_T2W.nii.gz', 'CC-BY', LJUBLJANA),
    Source('nii/openms_p03_s1_FLAIR.nii.gz', 'CC-BY', LJUBLJANA),
    Source('nii/openms_p04_s1_T1W.nii.gz', 'CC-BY', LJUBLJANA),
    Source('nii/openms_p04_s1_T2W.nii.gz', 'CC-BY', LJUBLJANA),
    Source('nii/openms_p04_s1_FLAIR.nii.gz', 'CC-BY', LJUBLJANA),
    Source('nii/child3y_t1_mprage_axial2mm.nii.gz', 'MIT', 'FNNDSC/SAG-anon'),
    Source('nii/studyforrest_sub02_t1_axial2mm.nii.gz', 'PDDL-1.0', 'studyforrest; Hanke et al., Scientific Data 2014'),
    Source(
        'nii/brainchop_t1_crop.nii.gz', 'MIT', 'neuroneural/brainchop, origin of the scan not stated', planes=(0, 1, 2)
    ),
)

DEV = (
    Source('nii/openms_p12_s1_T1W.nii.gz', 'CC-BY', LJUBLJANA),
    Source('nii/torchio_fpg_flair.nii.gz', 'MIT', 'fepegar/torchio-data'),
    Source(
        'nii/ptbp_t1_axial_val.npz',
        'not verified, evaluation only',
        'Pediatric Template of Brain Perfusion (PTBP); data descriptor Avants et al., Scientific Data 2015',
    ),
    Source('kspace/midas_brain_7ch_coilimages.npz', 'MIT', 'lab-midas/ismrm-moco-workshop'),
)

MEASURED_COILS = Source('kspace/midas_brain_7ch_coilimages.npz', 'MIT', 'lab-midas/ismrm-moco-workshop')
