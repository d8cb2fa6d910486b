// Package molfile reads molecules from the files of other programs and writes
// trajectories that they read.
//
// In: AMBER's prmtop ([ReadPrmtop], all parameters of a molecule) with inpcrd or
// rst7 ([ReadInpcrd], coordinates), and PDB ([ReadPDB], names and coordinates).
//
// Out, frame by frame while a simulation runs, and in again: DCD ([CreateDCD],
// [ReadDCD]), PLUMED's COLVAR ([CreateColvar], [ReadColvar]) and NumPy's npz
// ([CreateNPZ]). DCD and COLVAR hold one replica a file: [ReplicaPath] names
// the files of several.
//
// Files in Å and kcal/mol are converted at the door: all that a program sees is
// in nm, ps, Da, e, kJ/mol and radians. Readers trust nothing: a damaged file
// gives an error that names the file, the section, the line, what was found
// there and what was expected, and memory is never allocated on the word of a
// file.
package molfile
