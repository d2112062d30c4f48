import type { Recording } from '../../array/recording.ts';

/** What a layout (fastMRI, ISMRMRD, MATLAB) gives; the reader adds the file's identity and closes everything. */
export type Hdf5Content = Pick<Recording, 'format' | 'series' | 'warnings' | 'findings'>;
