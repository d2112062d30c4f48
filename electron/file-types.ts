/** File name extensions for dialogs and file associations. What a file really is, its first bytes decide (src/formats). */
export const IMAGE_EXTENSIONS = ['h5', 'hdf5', 'mrd', 'npy', 'npz', 'nii', 'gz', 'dcm', 'ima'];
export const EXPORT_EXTENSIONS = ['dcm', 'nii', 'gz', 'h5', 'npy', 'png'];
