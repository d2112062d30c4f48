"""Training workshop of Lacuna: simulate, train, evaluate and export the unrolled MRI network."""
