package molfile_test

import (
	"fmt"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"pushforward/md"
	"pushforward/md/molecules"
	"pushforward/md/molfile"
)

func read(t testing.TB, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// replaced puts new in the place of old, which must be there once.
func replaced(t testing.TB, text, old, new string) string {
	t.Helper()
	if n := strings.Count(text, old); n != 1 {
		t.Fatalf("%q appears %d times, want once", old, n)
	}
	return strings.Replace(text, old, new, 1)
}

func decode(text string, solvent molfile.Solvent) (*md.System, error) {
	return molfile.DecodePrmtop(strings.NewReader(text), "x.prmtop", solvent)
}

func wantError(t *testing.T, err error, want ...string) {
	t.Helper()
	if err == nil {
		t.Errorf("no error, want one with %q", want)
		return
	}
	for _, w := range want {
		if !strings.Contains(err.Error(), w) {
			t.Errorf("error is %v, want one with %q", err, w)
		}
	}
}

// A term is its atoms as text, in the order of the smaller end first, and its parameters.
type term struct {
	atoms      string
	parameters []float64
}

func termOf(atoms []int, parameters ...float64) term {
	if atoms[0] > atoms[len(atoms)-1] {
		atoms = slices.Clone(atoms)
		slices.Reverse(atoms)
	}
	return term{fmt.Sprint(atoms), parameters}
}

// terms lists all that a system has, by kind.
func terms(s *md.System) map[string][]term {
	all := map[string][]term{}
	for i, a := range s.Atoms {
		name := fmt.Sprint(i, " ", a.Name, " ", a.Element, " ", a.Residue, " ", a.ResidueNumber)
		all["atoms"] = append(all["atoms"], term{name, []float64{a.Mass, a.Charge, a.Sigma, a.Epsilon, a.BornRadius, a.BornScale}})
	}
	for _, b := range s.Bonds {
		all["bonds"] = append(all["bonds"], termOf([]int{b.I, b.J}, b.Length, b.Stiffness))
	}
	for _, a := range s.Angles {
		all["angles"] = append(all["angles"], termOf([]int{a.I, a.J, a.K}, a.Theta, a.Stiffness))
	}
	torsion := func(d md.Torsion) term {
		return termOf([]int{d.I, d.J, d.K, d.L}, float64(d.Periodicity), d.Phase, d.Amplitude)
	}
	for _, d := range s.Torsions {
		all["torsions"] = append(all["torsions"], torsion(d))
	}
	for _, d := range s.Impropers {
		all["impropers"] = append(all["impropers"], torsion(d))
	}
	for _, e := range s.Exclusions {
		all["exclusions"] = append(all["exclusions"], termOf(e[:]))
	}
	for _, e := range s.Exceptions {
		all["exceptions"] = append(all["exceptions"], termOf([]int{e.I, e.J}, e.ChargeProduct, e.Sigma, e.Epsilon))
	}
	for _, list := range all {
		slices.SortFunc(list, func(a, b term) int {
			if c := strings.Compare(a.atoms, b.atoms); c != 0 {
				return c
			}
			return slices.Compare(a.parameters, b.parameters)
		})
	}
	return all
}

func TestPrmtopHoldsTheParametersItWasMadeOf(t *testing.T) {
	s, err := molfile.ReadPrmtop("testdata/ala2.prmtop", molfile.OBC2)
	if err != nil {
		t.Fatal(err)
	}
	original, _ := molecules.AlanineDipeptide()
	got, want := terms(s), terms(original)
	if len(got) != 7 || len(want) != 7 {
		t.Errorf("%d kinds of terms, want %d", len(got), len(want))
	}
	for kind, list := range want {
		if len(got[kind]) != len(list) {
			t.Errorf("%d %s, want %d", len(got[kind]), kind, len(list))
			continue
		}
		for i, w := range list {
			g := got[kind][i]
			// The file has nine digits.
			same := slices.EqualFunc(g.parameters, w.parameters, func(a, b float64) bool { return math.Abs(a-b) <= 1e-8*math.Abs(b) })
			if g.atoms != w.atoms || !same {
				t.Errorf("%s: found %v, want %v", kind, g, w)
			}
		}
	}
	solvent := *md.OBC2()
	solvent.SolventDielectric = 78.5
	if *s.Solvent != solvent {
		t.Errorf("solvent is %+v, want %+v", *s.Solvent, solvent)
	}
	if s.Name != "ala2" {
		t.Errorf("name is %q, want the title, ala2", s.Name)
	}
}

func TestPrmtopSolvents(t *testing.T) {
	text := read(t, "testdata/ala2.prmtop")
	for solvent, want := range map[molfile.Solvent]*md.GeneralizedBorn{molfile.Vacuum: nil, molfile.OBC1: md.OBC1(), molfile.OBC2: md.OBC2()} {
		s, err := decode(text, solvent)
		if err != nil {
			t.Fatal(err)
		}
		if want != nil {
			want.SolventDielectric = 78.5
		}
		if (s.Solvent == nil) != (want == nil) || want != nil && *s.Solvent != *want {
			t.Errorf("%v: %+v, want %+v", solvent, s.Solvent, want)
		}
		if again, err := molfile.ParseSolvent(solvent.String()); err != nil || again != solvent {
			t.Errorf("%v became %v, %v", solvent, again, err)
		}
	}
	if _, err := molfile.ParseSolvent("water"); err == nil {
		t.Error("no error for the solvent water")
	}

	bare, _, _ := strings.Cut(text, "%FLAG RADIUS_SET")
	if _, err := decode(bare, molfile.OBC1); err == nil || !strings.Contains(err.Error(), "RADII") {
		t.Errorf("error is %v, want one about RADII", err)
	}
	if _, err := decode(bare, molfile.Vacuum); err != nil {
		t.Errorf("radii are asked for in vacuum: %v", err)
	}
}

func TestPrmtopWithoutScaleFactorsHasTheUsualOnes(t *testing.T) {
	text := read(t, "testdata/ala2.prmtop")
	start, end := strings.Index(text, "%FLAG SCEE"), strings.Index(text, "%FLAG SOLTY")
	s, err := decode(text[:start]+text[end:], molfile.Vacuum)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range s.Exceptions {
		a, b := s.Atoms[e.I], s.Atoms[e.J]
		if got, want := e.ChargeProduct, a.Charge*b.Charge/1.2; math.Abs(got-want) > 1e-15 {
			t.Errorf("the charges of %d and %d give %v, want %v", e.I, e.J, got, want)
		}
		if got, want := e.Epsilon, math.Sqrt(a.Epsilon*b.Epsilon)/2; math.Abs(got-want) > 2e-8*want {
			t.Errorf("epsilon of %d and %d is %v, want %v", e.I, e.J, got, want)
		}
	}
}

func TestPrmtopPairsThatDoNotFollowFromAtomsAreExceptions(t *testing.T) {
	// Types 1 (HC: atoms 0, 2, 3, 11, 12, 13) and 4 (O: atoms 5, 15) have coefficients 7.
	text := read(t, "testdata/ala2.prmtop")
	text = replaced(t, text, "5.44261042E+04", "6.00000000E+04")
	plain, err := decode(read(t, "testdata/ala2.prmtop"), molfile.Vacuum)
	if err != nil {
		t.Fatal(err)
	}
	s, err := decode(text, molfile.Vacuum)
	if err != nil {
		t.Fatal(err)
	}
	special := map[[2]int]bool{}
	for _, i := range []int{0, 2, 3, 11, 12, 13} {
		for _, j := range []int{5, 15} {
			special[[2]int{min(i, j), max(i, j)}] = true
		}
	}
	for _, e := range plain.Exceptions { // those that are 1-4 pairs
		delete(special, [2]int{min(e.I, e.J), max(e.I, e.J)})
	}
	for _, e := range plain.Exclusions {
		delete(special, e)
	}
	if len(special) == 0 {
		t.Fatal("no pair is left")
	}
	sigma, epsilon := math.Pow(6e4/111.805549, 1./6)/10, 111.805549*111.805549/(4*6e4)*4.184
	for _, e := range s.Exceptions[len(plain.Exceptions):] {
		if !special[[2]int{e.I, e.J}] {
			t.Errorf("%d and %d are an exception, want none", e.I, e.J)
		}
		delete(special, [2]int{e.I, e.J})
		if math.Abs(e.Sigma-sigma) > 1e-15 || math.Abs(e.Epsilon-epsilon) > 1e-15 {
			t.Errorf("sigma and epsilon are %v and %v, want %v and %v", e.Sigma, e.Epsilon, sigma, epsilon)
		}
		if want := s.Atoms[e.I].Charge * s.Atoms[e.J].Charge; e.ChargeProduct != want {
			t.Errorf("charge product is %v, want %v, unscaled", e.ChargeProduct, want)
		}
	}
	for pair := range special {
		t.Errorf("%v is no exception", pair)
	}
	// A 1-4 pair of these types has the coefficients too, scaled: atoms 0 and 5.
	for _, e := range s.Exceptions {
		if e.I == 0 && e.J == 5 && (math.Abs(e.Sigma-sigma) > 1e-15 || math.Abs(e.Epsilon-epsilon/2) > 1e-15) {
			t.Errorf("1-4 pair: sigma and epsilon are %v and %v, want %v and %v", e.Sigma, e.Epsilon, sigma, epsilon/2)
		}
	}
}

func TestPrmtopElements(t *testing.T) {
	text := read(t, "testdata/ala2.prmtop")
	start, end := strings.Index(text, "%FLAG ATOMIC_NUMBER"), strings.Index(text, "%FLAG MASS")
	bare := text[:start] + text[end:]
	// Mass moved from carbon 2 to its hydrogens.
	moved := strings.Replace(bare, "  1.00794700E+00  1.20107800E+01  1.00794700E+00  1.00794700E+00", "  3.02400000E+00  5.96200000E+00  3.02400000E+00  3.02400000E+00", 1)
	original, _ := molecules.AlanineDipeptide()
	for name, text := range map[string]string{"by number": text, "by mass": bare, "by name": moved} {
		s, err := decode(text, molfile.Vacuum)
		if err != nil {
			t.Fatal(err)
		}
		for i, a := range s.Atoms {
			if want := original.Atoms[i].Element; a.Element != want {
				t.Errorf("%s: atom %d is %q, want %q", name, i, a.Element, want)
			}
		}
	}
}

func TestPrmtopErrorsNameSectionAndLine(t *testing.T) {
	text := read(t, "testdata/ala2.prmtop")
	pointers := "      22       7      12       9      25      11      39      19       0       0\n"
	third := "       0       0       0       0       0       0       0       0      10       0\n"
	for _, c := range []struct {
		name     string
		old, new string
		want     []string
	}{
		{"a letter in a number", " -6.67300626E+00", " -6.673O0626E+00", []string{"x.prmtop: line 17: %FLAG CHARGE: columns 17 to 32: found \"-6.673O0626E+00\", want a number"}},
		{"a number too large for its columns", " -6.67300626E+00", " ***************", []string{"line 17", "too large"}},
		{"a number beyond float64", " -6.67300626E+00", " -6.6730626E+400", []string{"line 17", "want a number"}},
		{"a value missing", "  1.77849648E+00  1.77849648E+00\n%FLAG ATOMIC", "  1.77849648E+00\n%FLAG ATOMIC", []string{"line 15: %FLAG CHARGE: found 21 values, want 22"}},
		{"a value too many", "  1.77849648E+00  1.77849648E+00\n%FLAG ATOMIC", "  1.77849648E+00  1.77849648E+00  1.77849648E+00\n%FLAG ATOMIC", []string{"%FLAG CHARGE", "found 23 values"}},
		{"a section missing", "%FLAG MASS\n", "%FLAG MESS\n", []string{"there is no %FLAG MASS"}},
		{"a section twice", "%FLAG SOLTY\n", "%FLAG MASS\n", []string{"line ", "%FLAG MASS appears again, the first is on line 27"}},
		{"no format", "%FLAG MASS\n%FORMAT(5E16.8)\n", "%FLAG MASS\n", []string{"line 28: %FLAG MASS", "want %FORMAT"}},
		{"a format of nonsense", "%FLAG MASS\n%FORMAT(5E16.8)\n", "%FLAG MASS\n%FORMAT(E)\n", []string{"line 28: %FLAG MASS", "want a format such as"}},
		{"a format of another kind", "%FLAG MASS\n%FORMAT(5E16.8)\n", "%FLAG MASS\n%FORMAT(5I16)\n", []string{"line 28: %FLAG MASS", "want a format for numbers"}},
		{"the file cut off", text[len(text)/2:], "", []string{"there is no %FLAG"}},

		{"more atoms than charges", pointers, strings.Replace(pointers, "22", "23", 1), []string{"line 15: %FLAG CHARGE: found 22 values, want 23 as POINTERS tells"}},
		{"very many atoms", pointers, strings.Replace(pointers, "      22", "99999999", 1), []string{"%FLAG CHARGE", "want 99999999"}},
		{"too many atoms", pointers, strings.Replace(pointers, "      22", "999999999", 1), []string{"%FLAG POINTERS"}},
		{"no atoms", pointers, strings.Replace(pointers, "22", " 0", 1), []string{"line 7: %FLAG POINTERS: found 0 atoms"}},
		{"negative counts", pointers, strings.Replace(pointers, "12", "-2", 1), []string{"line 7: %FLAG POINTERS: value 3 is -2"}},
		{"few pointers", third, "", []string{"%FLAG POINTERS", "found 21 values, want 31 or 32"}},

		{"an atom of no type", "       1       2       1       1       3       4       5       6       2       7\n       2       1", "       1       9       1       1       3       4       5       6       2       7\n       2       1", []string{"line 36: %FLAG ATOM_TYPE_INDEX: the type of atom 2 is 9, want 1 to 7"}},
		{"a bond to nowhere", "       0       3       1       3       6       1", "       0      66       1       3       6       1", []string{"%FLAG BONDS_INC_HYDROGEN: ", "bond 1: found 66, want three times the index of an atom, 0 to 63"}},
		{"a bond between thirds", "       0       3       1       3       6       1", "       0       4       1       3       6       1", []string{"bond 1: found 4"}},
		{"a bond of one atom", "       0       3       1       3       6       1", "       0       0       1       3       6       1", []string{"bond 1: atom 1 appears twice"}},
		{"a bond of no type", "       0       3       1       3       6       1", "       0       3       8       3       6       1", []string{"bond 1: its type is 8, want 1 to 7"}},
		{"a bond with a sign", "       0       3       1       3       6       1", "       0      -3       1       3       6       1", []string{"bond 1: found -3"}},
		{"negative stiffness", "  3.40000000E+02  3.17", " -3.40000000E+02  3.17", []string{"%FLAG BOND_FORCE_CONSTANT: ", "value 1 is -340, want 0 or more"}},
		{"an angle beyond 180°", "1.91113553E+00  1.91113553E+00", "3.91113553E+00  1.91113553E+00", []string{"angle", "3.91113553 rad, want at most π"}},
		{"a fractional periodicity", "  1.00000000E+00  3.00000000E+00  2.00000000E+00  3.00000000E+00  2.0", "  1.50000000E+00  3.00000000E+00  2.00000000E+00  3.00000000E+00  2.0", []string{"DIHEDRAL_PERIODICITY", "type 1 is 1.5"}},
		{"a scale of 0", "%FLAG SCEE_SCALE_FACTOR\n%FORMAT(5E16.8)\n  1.20000048E+00", "%FLAG SCEE_SCALE_FACTOR\n%FORMAT(5E16.8)\n  0.00000000E+00", []string{"torsion 1: the SCEE and SCNB of its type 1 are 0 and 2"}},
		{"excluded atom that is none", "       2       3       4       5       6       7       3", "      23       3       4       5       6       7       3", []string{"%FLAG EXCLUDED_ATOMS_LIST: ", "atom 1 excludes atom 23, want another from 1 to 22"}},
		{"an atom that excludes itself", "       2       3       4       5       6       7       3", "       1       3       4       5       6       7       3", []string{"atom 1 excludes atom 1"}},
		{"counts of exclusions that do not add up", "       4       3       2\n       1       1\n", "       4       3       2\n       1       0\n", []string{"%FLAG NUMBER_EXCLUDED_ATOMS: ", "the sum is 98, want 99"}},
		{"counts of exclusions beyond the list", "       6       7       4       3       7       3      10", "     160       7       4       3       7       3      10", []string{"line 41: %FLAG NUMBER_EXCLUDED_ATOMS: atom 1 has 160 excluded atoms, want 0 to 99"}},
		{"a 1-4 pair that is not excluded", "       2       3       4       5       6       7       3", "       2       3       4       5       9       7       3", []string{"torsion 1: the 1-4 pair of atoms 1 and 6 is not in EXCLUDED_ATOMS_LIST"}},
		{"no coefficients", "       1       2       4       7      11      16      22", "      29       2       4       7      11      16      22", []string{"line 46: %FLAG NONBONDED_PARM_INDEX: value 1 is 29, want 1 to 28"}},
		{"coefficients that depend on the order", "       1       2       4       7      11      16      22", "       1       2       4       6      11      16      22", []string{"%FLAG NONBONDED_PARM_INDEX: ", "in the other order"}},
		{"attraction alone", "7.51607703E+03", "0.00000000E+03", []string{"types 1 and 1 are A = 0 and B = 21.7257828"}},
		{"residues out of order", "       1       7      17\n", "       1      17       7\n", []string{"%FLAG RESIDUE_POINTER: ", "residue 3 begins at atom 7, want 18 to 22"}},
		{"a radius within the offset", "%FLAG RADII\n%FORMAT(5E16.8)\n  1.25000000E+00", "%FLAG RADII\n%FORMAT(5E16.8)\n  0.05000000E+00", []string{"atom 0 HH31: Born radius is 0.005000000000000001 nm, want more than"}},
		{"a negative mass", "%FLAG MASS\n%FORMAT(5E16.8)\n  1.00794700E+00", "%FLAG MASS\n%FORMAT(5E16.8)\n -1.00794700E+00", []string{"line 29: %FLAG MASS: the mass of atom 1 is"}},

		{"a periodic box", third, strings.Replace(third, "       0      10", "       1      10", 1), []string{"line 9: %FLAG POINTERS: value 28 is 1", "periodic box"}},
		{"extra points", "       0      10       0\n       0\n", "       0      10       0\n       3\n", []string{"value 31 is 3", "extra points"}},
		{"a CHARMM file", "%FLAG TITLE", "%FLAG CTITLE", []string{"line 2: %FLAG CTITLE: not supported is CHARMM"}},
		{"CMAP", "%FLAG SOLTY", "%FLAG CMAP_COUNT", []string{"%FLAG CMAP_COUNT: ", "not supported is CMAP"}},
		{"polarizability", "%FLAG SOLTY\n%FORMAT(5E16.8)\n  0.00000000E+00", "%FLAG POLARIZABILITY\n%FORMAT(5E16.8)\n  0.50000000E+00", []string{"%FLAG POLARIZABILITY: ", "polarizable"}},
		{"10-12 terms", "%FLAG HBOND_ACOEF\n%FORMAT(5E16.8)\n\n", "%FLAG HBOND_ACOEF\n%FORMAT(5E16.8)\n  7.55700000E+03\n", []string{"%FLAG HBOND_ACOEF: ", "10-12 terms"}},
		{"12-6-4 terms", "%FLAG SOLTY\n%FORMAT(5E16.8)\n  0.00000000E+00", "%FLAG LENNARD_JONES_CCOEF\n%FORMAT(5E16.8)\n  1.00000000E+00", []string{"12-6-4"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := decode(replaced(t, text, c.old, c.new), molfile.OBC2)
			wantError(t, err, append(c.want, "x.prmtop: ")...)
		})
	}
}

func TestPrmtopUnitsByHand(t *testing.T) {
	s, err := molfile.ReadPrmtop("testdata/four.prmtop", molfile.OBC2)
	if err != nil {
		t.Fatal(err)
	}
	q := 7.28892 / 18.2223 // 0.4
	solvent := md.OBC2()
	solvent.SolventDielectric = 78.5
	atom := func(name, element, residue string, number int, mass, charge, sigma, epsilon, radius float64) md.Atom {
		return md.Atom{Name: name, Element: element, Residue: residue, ResidueNumber: number, Mass: mass, Charge: charge,
			Sigma: sigma, Epsilon: epsilon, BornRadius: radius, BornScale: 0.85}
	}
	want := &md.System{
		Name: "four atoms",
		Atoms: []md.Atom{
			atom("H1", "H", "HO", 1, 1.008, q, 0.1, 0.25*4.184, 0.12), // A = B = 1
			atom("O1", "O", "HO", 1, 16, -q, math.Pow(1024, 1./6)/10, 1./16*4.184, 0.15),
			atom("O2", "O", "OH", 2, 16, -q, math.Pow(1024, 1./6)/10, 1./16*4.184, 0.15),
			atom("H2", "H", "OH", 2, 1.008, q, 0.1, 0.25*4.184, 0.12),
		},
		Bonds:  []md.Bond{{I: 0, J: 1, Length: 0.095, Stiffness: 553 * 836.8}, {I: 2, J: 3, Length: 0.095, Stiffness: 553 * 836.8}, {I: 1, J: 2, Length: 0.147, Stiffness: 300 * 836.8}},
		Angles: []md.Angle{{I: 0, J: 1, K: 2, Theta: 1.85, Stiffness: 50 * 8.368}, {I: 1, J: 2, K: 3, Theta: 1.85, Stiffness: 50 * 8.368}},
		// The first one has no barrier, but makes the 1-4 pair.
		Torsions:   []md.Torsion{{I: 0, J: 1, K: 2, L: 3, Periodicity: 2, Phase: 0.5, Amplitude: 1.5 * 4.184}},
		Impropers:  []md.Torsion{{I: 0, J: 1, K: 2, L: 3, Periodicity: 3, Phase: 0, Amplitude: 0.75 * 4.184}},
		Exclusions: [][2]int{{0, 1}, {0, 2}, {1, 2}, {1, 3}, {2, 3}},
		Exceptions: []md.Exception{{I: 0, J: 3, ChargeProduct: q * q, Sigma: 0.1, Epsilon: 0.25 * 4.184 / 4}},
		Solvent:    solvent,
	}
	got, expected := terms(s), terms(want)
	for _, kind := range []string{"atoms", "bonds", "angles", "torsions", "impropers", "exclusions", "exceptions"} {
		same := slices.EqualFunc(got[kind], expected[kind], func(a, b term) bool {
			return a.atoms == b.atoms && slices.EqualFunc(a.parameters, b.parameters, func(a, b float64) bool { return math.Abs(a-b) <= 1e-14*math.Abs(b) })
		})
		if !same {
			t.Errorf("%s are %v, want %v", kind, got[kind], expected[kind])
		}
	}
	if s.Name != want.Name || *s.Solvent != *solvent {
		t.Errorf("found %q in %+v, want %q in %+v", s.Name, *s.Solvent, want.Name, *solvent)
	}
	// A number cut short would be another number.
	text := read(t, "testdata/four.prmtop")
	_, err = decode(text[:len(text)-2], molfile.OBC2)
	wantError(t, err, "line 97: %FLAG SCREEN: ends at column 31, want a multiple of 8 up to 40 (5F8.4)")
}

func TestPrmtopTorsionsShareA14Pair(t *testing.T) {
	text := replaced(t, read(t, "testdata/ala2.prmtop"), "       0       3     -12      15       2", "       0       3      12      15       2")
	s, err := decode(text, molfile.Vacuum)
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Exceptions) != 41 {
		t.Errorf("%d exceptions, want 41", len(s.Exceptions))
	}
	text = replaced(t, text, "%FLAG SCNB_SCALE_FACTOR\n%FORMAT(5E16.8)\n  2.00000000E+00  2.0", "%FLAG SCNB_SCALE_FACTOR\n%FORMAT(5E16.8)\n  2.00000000E+00  1.0")
	_, err = decode(text, molfile.Vacuum)
	wantError(t, err, "%FLAG DIHEDRALS_INC_HYDROGEN: torsion 2: the 1-4 pair of atoms 1 and 6 has SCEE and SCNB of 1.20000048 and 1, want 1.20000048 and 2 as at first")
}

func TestPrmtopsThatAreNone(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"empty":     {"", "the file is empty"},
		"old style": {"ala2\n    22     7    12     9    25    11    39    19     0     0    99     3\n", "old style"},
		"binary":    {strings.Repeat("\x00\xff", 1<<17), "line 1: longer than 65536 bytes"},
		"headers":   {"%VERSION  VERSION_STAMP = V0001.000\n", "there is no %FLAG POINTERS"},
	} {
		_, err := decode(c.text, molfile.Vacuum)
		t.Run(name, func(t *testing.T) { wantError(t, err, "x.prmtop: ", c.want) })
	}
	_, err := molfile.ReadPrmtop("testdata/none.prmtop", molfile.Vacuum)
	wantError(t, err, "testdata/none.prmtop: no such file")
	_, err = molfile.ReadPrmtop("testdata", molfile.Vacuum)
	wantError(t, err, "testdata: is a folder")
}

func TestPrmtopWithWindowsLinesReadsTheSame(t *testing.T) {
	text := read(t, "testdata/ala2.prmtop")
	a, err := decode(text, molfile.OBC1)
	if err != nil {
		t.Fatal(err)
	}
	b, err := decode(strings.ReplaceAll(text, "\n", "\r\n"), molfile.OBC1)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(a.Atoms, b.Atoms) || !slices.Equal(a.Exceptions, b.Exceptions) || !slices.Equal(a.Torsions, b.Torsions) {
		t.Error("the systems differ")
	}
}

// FuzzPrmtop feeds the reader any bytes: what it accepts must be a valid system
// that the bytes have paid for.
func FuzzPrmtop(f *testing.F) {
	text := read(f, "testdata/four.prmtop")
	f.Add([]byte(text))
	f.Add([]byte(text[:len(text)/2]))
	f.Add([]byte(strings.ReplaceAll(text, "5F8.4", "1E99")))
	f.Add([]byte("%FLAG POINTERS\n%FORMAT(10I9)\n" + strings.Repeat(" 99999999", 10) + "\n"))
	f.Add([]byte("%FLAG ATOM_NAME\n%FORMAT(999a1)\n" + strings.Repeat("\n", 99)))
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := decode(string(data), molfile.OBC1)
		if err != nil {
			return
		}
		if err := s.Validate(); err != nil {
			t.Error(err)
		}
		if n := len(s.Atoms) + len(s.Bonds) + len(s.Angles) + len(s.Torsions) + len(s.Impropers) + len(s.Exclusions); n > len(data) {
			t.Errorf("%d atoms and terms from %d bytes", n, len(data))
		}
	})
}
