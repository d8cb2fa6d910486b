package molfile_test

import (
	"fmt"
	"os"
	"path/filepath"

	"pushforward/md/molfile"
)

// A molecule from AMBER: parameters in one file, coordinates in another.
func ExampleReadPrmtop() {
	system, err := molfile.ReadPrmtop("testdata/ala2.prmtop", molfile.OBC2)
	if err != nil {
		fmt.Println(err)
		return
	}
	coordinates, err := molfile.ReadInpcrd("testdata/ala2.inpcrd")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%s: %d atoms, %d bonds to hydrogen, ", system.Name, len(system.Atoms), system.ConstrainHydrogens())
	fmt.Printf("the first atom at x = %.4f nm\n", coordinates.Positions[0])

	_, err = molfile.ReadPrmtop("testdata/ala2.pdb", molfile.OBC2)
	fmt.Println(err)
	// Output:
	// ala2: 22 atoms, 12 bonds to hydrogen, the first atom at x = -0.3118 nm
	// testdata/ala2.pdb: line 1: found "REMARK   1 CREATED WITH OPENMM 7.7, 2026", want %VERSION or %FLAG: this is no prmtop, or one in the old style of AMBER 6 and before, which ParmEd can convert
}

// Torsions of two replicas, for PLUMED's tools.
func ExampleCreateColvar() {
	folder, err := os.MkdirTemp("", "colvar")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(folder)
	path := filepath.Join(folder, "colvar.dat")
	w, err := molfile.CreateColvar(path, 2, []molfile.Field{molfile.AngleField("phi")})
	if err != nil {
		fmt.Println(err)
		return
	}
	for step := range 2 {
		if err := w.Append(float64(step), []float64{-1.35, 1.25 + float64(step)}); err != nil {
			fmt.Println(err)
			return
		}
	}
	if err := w.Close(); err != nil {
		fmt.Println(err)
		return
	}
	text, _ := os.ReadFile(filepath.Join(folder, "colvar-0001.dat"))
	fmt.Print(string(text))
	// Output:
	// #! FIELDS time phi
	// #! SET min_phi -pi
	// #! SET max_phi pi
	//  0.00000000 1.25000000
	//  1.00000000 2.25000000
}
