// Written by build/generate-registry.mjs (`npm run generate`). Do not edit: add a file under src/pipeline/steps/<kind>/.
import type { Step } from './step.ts';
import sampleBrain from './steps/sample/brain.ts';
import sampleBrainSmall from './steps/sample/brain-small.ts';
import sampleCine from './steps/sample/cine.ts';
import sampleThermometry from './steps/sample/thermometry.ts';
import acquireMulticoil from './steps/acquire/multicoil.ts';
import prepareCompressCoils from './steps/prepare/compress-coils.ts';
import prepareEpiPhase from './steps/prepare/epi-phase.ts';
import prepareEpiRegrid from './steps/prepare/epi-regrid.ts';
import preparePrewhiten from './steps/prepare/prewhiten.ts';
import patternCaipi from './steps/pattern/caipi.ts';
import patternEquispaced from './steps/pattern/equispaced.ts';
import patternFile from './steps/pattern/file.ts';
import patternFull from './steps/pattern/full.ts';
import patternGaussian from './steps/pattern/gaussian.ts';
import patternLearnedLines from './steps/pattern/learned-lines.ts';
import patternLearnedPoints from './steps/pattern/learned-points.ts';
import patternPartialFourier from './steps/pattern/partial-fourier.ts';
import patternPoissonDisc from './steps/pattern/poisson-disc.ts';
import patternRadial from './steps/pattern/radial.ts';
import patternRandom from './steps/pattern/random.ts';
import patternRegular from './steps/pattern/regular.ts';
import patternSpiral from './steps/pattern/spiral.ts';
import methodBaselineDifference from './steps/method/baseline-difference.ts';
import methodGrappa from './steps/method/grappa.ts';
import methodHomodyne from './steps/method/homodyne.ts';
import methodL1Wavelet from './steps/method/l1-wavelet.ts';
import methodLowRankSparse from './steps/method/low-rank-sparse.ts';
import methodNetwork from './steps/method/network.ts';
import methodPocs from './steps/method/pocs.ts';
import methodReconresnet from './steps/method/reconresnet.ts';
import methodSense from './steps/method/sense.ts';
import methodTv from './steps/method/tv.ts';
import methodUnrolled from './steps/method/unrolled.ts';
import methodZeroFilled from './steps/method/zero-filled.ts';
import viewCoilImages from './steps/view/coil-images.ts';
import viewCoilMaps from './steps/view/coil-maps.ts';
import viewGFactor from './steps/view/g-factor.ts';
import viewKspace from './steps/view/kspace.ts';
import viewLineContribution from './steps/view/line-contribution.ts';
import viewPredictedError from './steps/view/predicted-error.ts';
import viewPsf from './steps/view/psf.ts';
import viewResidual from './steps/view/residual.ts';
import viewSuperResolution from './steps/view/super-resolution.ts';
import viewTemperature from './steps/view/temperature.ts';
import viewThermalDose from './steps/view/thermal-dose.ts';
import viewUncertainty from './steps/view/uncertainty.ts';
import metricFastmri from './steps/metric/fastmri.ts';
import exportBart from './steps/export/bart.ts';
import exportDicom from './steps/export/dicom.ts';
import exportHdf5 from './steps/export/hdf5.ts';
import exportMat from './steps/export/mat.ts';
import exportNifti from './steps/export/nifti.ts';
import exportNiftiPlain from './steps/export/nifti-plain.ts';
import exportNpy from './steps/export/npy.ts';
import exportPng from './steps/export/png.ts';

export const steps: readonly Step[] = [
  sampleBrain,
  sampleBrainSmall,
  sampleCine,
  sampleThermometry,
  acquireMulticoil,
  prepareCompressCoils,
  prepareEpiPhase,
  prepareEpiRegrid,
  preparePrewhiten,
  patternCaipi,
  patternEquispaced,
  patternFile,
  patternFull,
  patternGaussian,
  patternLearnedLines,
  patternLearnedPoints,
  patternPartialFourier,
  patternPoissonDisc,
  patternRadial,
  patternRandom,
  patternRegular,
  patternSpiral,
  methodBaselineDifference,
  methodGrappa,
  methodHomodyne,
  methodL1Wavelet,
  methodLowRankSparse,
  methodNetwork,
  methodPocs,
  methodReconresnet,
  methodSense,
  methodTv,
  methodUnrolled,
  methodZeroFilled,
  viewCoilImages,
  viewCoilMaps,
  viewGFactor,
  viewKspace,
  viewLineContribution,
  viewPredictedError,
  viewPsf,
  viewResidual,
  viewSuperResolution,
  viewTemperature,
  viewThermalDose,
  viewUncertainty,
  metricFastmri,
  exportBart,
  exportDicom,
  exportHdf5,
  exportMat,
  exportNifti,
  exportNiftiPlain,
  exportNpy,
  exportPng,
];
