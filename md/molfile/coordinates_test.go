package molfile_test

import (
	"math"
	"strings"
	"testing"

	"pushforward/md/molecules"
	"pushforward/md/molfile"
)

func wantPositions(t *testing.T, got, want []float64, tolerance float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%d coordinates, want %d", len(got), len(want))
	}
	for i := range want {
		if !(math.Abs(got[i]-want[i]) <= tolerance) {
			t.Errorf("coordinate %d is %v, want %v", i, got[i], want[i])
		}
	}
}

func TestInpcrdAndPDBHoldThePositionsOfTheMinimum(t *testing.T) {
	system, want := molecules.AlanineDipeptide()
	c, err := molfile.ReadInpcrd("testdata/ala2.inpcrd")
	if err != nil {
		t.Fatal(err)
	}
	wantPositions(t, c.Positions, want, 0.51e-8)
	if c.Title != "ala2 minimised" || c.Velocities != nil || c.Box != nil || c.Time != 0 {
		t.Errorf("found %q, %v, %v, %v", c.Title, c.Velocities, c.Box, c.Time)
	}
	p, err := molfile.ReadPDB("testdata/ala2.pdb")
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Frames) != 1 {
		t.Fatalf("%d frames, want 1", len(p.Frames))
	}
	wantPositions(t, p.Frames[0], want, 0.51e-4)
	for i, a := range system.Atoms {
		b := p.Atoms[i]
		if a.Name != b.Name || a.Element != b.Element || a.Residue != b.Residue || a.ResidueNumber != b.ResidueNumber || p.Chains[i] != "A" {
			t.Errorf("atom %d is %s %s of %s %d in chain %s, want %s %s of %s %d in A", i, b.Name, b.Element, b.Residue, b.ResidueNumber, p.Chains[i],
				a.Name, a.Element, a.Residue, a.ResidueNumber)
		}
	}
}

func inpcrd(text string) (*molfile.Coordinates, error) {
	return molfile.DecodeInpcrd(strings.NewReader(text), "x.rst7")
}

func TestInpcrdWithVelocitiesAndBox(t *testing.T) {
	const (
		three = "three\n    3  0.5000000E+01\n"
		x     = "   1.0000000   2.0000000   3.0000000-104.0000000 505.0000000   6.0000000\n   7.0000000   8.0000000   9.0000000\n"
		v     = "   0.1000000   0.2000000   0.3000000   0.4000000   0.5000000   0.6000000\n   0.7000000   0.8000000   0.9000000\n"
		box   = "  30.0000000  31.0000000  32.0000000  90.0000000  90.0000000 109.4712190\n"
		one   = "one\n1\n   1.0000000   2.0000000   3.0000000\n"
		two   = "two\n2\n   1.0000000   2.0000000   3.0000000   1.0000000   2.0000000   4.0000000\n"
	)
	for _, c := range []struct {
		name, text                   string
		positions, velocities, boxes int
	}{
		{"positions", three + x, 9, 0, 0},
		{"velocities", three + x + v, 9, 9, 0},
		{"a box", three + x + box, 9, 0, 6},
		{"both", three + x + v + box + "\n", 9, 9, 6},
		{"one atom", one, 3, 0, 0},
		{"one atom with a velocity", one + "   1.0000000   2.0000000   3.0000000\n", 3, 3, 0},
		{"one atom in a box", one + box, 3, 0, 6},
		{"two atoms with velocities", two + v[:73], 6, 6, 0},
		{"two atoms in a box", two + box, 6, 0, 6},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, err := inpcrd(c.text)
			if err != nil {
				t.Fatal(err)
			}
			if len(r.Positions) != c.positions || len(r.Velocities) != c.velocities || len(r.Box) != c.boxes {
				t.Errorf("%d positions, %d velocities, %d of the box, want %d, %d, %d", len(r.Positions), len(r.Velocities), len(r.Box), c.positions, c.velocities, c.boxes)
			}
		})
	}
	r, err := inpcrd(three + x + v + box)
	if err != nil {
		t.Fatal(err)
	}
	wantPositions(t, r.Positions, []float64{0.1, 0.2, 0.3, -10.4, 50.5, 0.6, 0.7, 0.8, 0.9}, 1e-12)
	// AMBER's unit of time is ps/20.455.
	wantPositions(t, r.Velocities[:2], []float64{0.20455, 0.4091}, 1e-12)
	wantPositions(t, r.Box, []float64{3, 3.1, 3.2, 90, 90, 109.471219}, 1e-12)
	if r.Time != 5 {
		t.Errorf("time is %v, want 5 ps", r.Time)
	}
}

func TestInpcrdErrorsNameTheLine(t *testing.T) {
	text := read(t, "testdata/ala2.inpcrd")
	for _, c := range []struct{ name, text, want string }{
		{"empty", "", "ends after line 0, want a title"},
		{"a title alone", "x\n", "ends after line 1, want the number of atoms"},
		{"no number", "x\n\n", "line 2: found an empty line"},
		{"no count", "x\nmany\n", `line 2: number of atoms: found "many", want a whole number`},
		{"no atoms", "x\n0\n", "line 2: found 0 atoms"},
		{"more atoms than positions", strings.Replace(text, "   22", "2200000", 1), "want 6600000 positions, of which there are 66"},
		{"few atoms", strings.Replace(text, "   22", "    8", 1), "line 7: found 6 lines or more after the positions of 8 atoms, want 4 for velocities"},
		{"cut off", text[:500], "line 9: ends at column"},
		{"a letter", strings.Replace(text, "0.2893416", "O.2893416", 1), `line 4: columns 13 to 24: found "O.2893416", want a number`},
		{"a number too large", strings.Replace(text, "   0.2893416", "************", 1), "line 4: columns 13 to 24: found \"************\", a number too large"},
		{"NetCDF", "CDF\x01", "line 1: a NetCDF file"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := inpcrd(c.text)
			wantError(t, err, "x.rst7: ", c.want)
		})
	}
}

func pdb(text string) (*molfile.Structure, error) {
	return molfile.DecodePDB(strings.NewReader(text), "x.pdb")
}

func TestPDBModelsAreFrames(t *testing.T) {
	model := func(shift string) string {
		return "ATOM      1  CA  ALA A   1       " + shift + ".000   2.000   3.000\n" +
			"HETATM    2 CA    CA A   2       4.000   5.000   6.000\n"
	}
	for name, text := range map[string]string{
		"with MODEL":     "MODEL        1\n" + model("1") + "TER\nENDMDL\nMODEL        2\n" + model("7") + "ENDMDL\nEND\n",
		"divided by END": model("1") + "END\n" + model("7") + "END\n",
		"without an end": "MODEL 1\n" + model("1") + "MODEL 2\n" + model("7"),
	} {
		t.Run(name, func(t *testing.T) {
			s, err := pdb(text)
			if err != nil {
				t.Fatal(err)
			}
			if len(s.Frames) != 2 || len(s.Atoms) != 2 {
				t.Fatalf("%d frames of %d atoms, want 2 of 2", len(s.Frames), len(s.Atoms))
			}
			wantPositions(t, s.Frames[0], []float64{0.1, 0.2, 0.3, 0.4, 0.5, 0.6}, 1e-15)
			wantPositions(t, s.Frames[1], []float64{0.7, 0.2, 0.3, 0.4, 0.5, 0.6}, 1e-15)
			if s.Atoms[0].Element != "C" || s.Atoms[1].Element != "Ca" {
				t.Errorf("elements are %q and %q, want C and Ca, by the columns of their names", s.Atoms[0].Element, s.Atoms[1].Element)
			}
		})
	}
}

func TestPDBTakesOneOfAlternateLocations(t *testing.T) {
	s, err := pdb("ATOM      1  CB AALA A   1       1.000   2.000   3.000\nATOM      2  CB BALA A   1       9.000   2.000   3.000\n")
	if err != nil {
		t.Fatal(err)
	}
	wantPositions(t, s.Frames[0], []float64{0.1, 0.2, 0.3}, 1e-15)
}

func TestPDBErrorsNameTheLine(t *testing.T) {
	const atom = "ATOM      1  CA  ALA A   1       1.000   2.000   3.000\n"
	for _, c := range []struct{ name, text, want string }{
		{"empty", "", "found no ATOM or HETATM record in 0 lines"},
		{"another format", "HEADER\n", "found no ATOM or HETATM record in 1 lines"},
		{"a letter", strings.Replace(atom, "2.000", "2.0O0", 1), `line 1: columns 39 to 46: found "2.0O0", want a number`},
		{"cut off", atom[:53], `line 1: ends at column 53, want x, y and z in columns 31 to 54`},
		{"no z", atom[:46] + "        1.00  0.00", `line 1: columns 47 to 54: found "", want a number`},
		{"no name", strings.Replace(atom, "CA", "  ", 1), "line 1: columns 13 to 16: found nothing, want the name"},
		{"a residue that is no number", strings.Replace(atom, "A   1", "AA000", 1), `line 1: columns 23 to 26: found "A000", want a whole number`},
		{"models of different size", atom + "END\n" + atom + atom, "line 4: model 2 has more atoms than the first, want 1"},
		{"a model cut off", atom + atom + "END\n" + atom, "line 4: model 2 has 1 atoms, want 2"},
		{"models of different atoms", atom + "END\n" + strings.Replace(atom, "CA", "CB", 1), "line 3: found atom CB of ALA, want CA of ALA"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := pdb(c.text)
			wantError(t, err, "x.pdb: ", c.want)
		})
	}
}

func FuzzInpcrd(f *testing.F) {
	text := read(f, "testdata/ala2.inpcrd")
	f.Add([]byte(text))
	f.Add([]byte(text + "  30.0000000  31.0000000  32.0000000  90.0000000  90.0000000  90.0000000\n"))
	f.Add([]byte("x\n2147483647\n"))
	f.Add([]byte("x\n1\n   1.0   2.0   3.0\n\n\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := inpcrd(string(data))
		if err != nil {
			return
		}
		for _, v := range c.Positions {
			if v-v != 0 {
				t.Errorf("position %v", v)
			}
		}
		if n := len(c.Positions) + len(c.Velocities) + len(c.Box); n > len(data) || len(c.Positions)%3 != 0 {
			t.Errorf("%d numbers from %d bytes", n, len(data))
		}
	})
}

func FuzzPDB(f *testing.F) {
	f.Add([]byte(read(f, "testdata/ala2.pdb")))
	f.Add([]byte("MODEL\nATOM      1  CA  ALA A   1       1.000   2.000   3.000\nENDMDL\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := pdb(string(data))
		if err != nil {
			return
		}
		for _, frame := range s.Frames {
			if len(frame) != 3*len(s.Atoms) || len(s.Chains) != len(s.Atoms) {
				t.Errorf("%d coordinates and %d chains of %d atoms", len(frame), len(s.Chains), len(s.Atoms))
			}
		}
	})
}
