package molfile_test

import (
	"math"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pushforward/md/molfile"
)

var phiPsi = []molfile.Field{molfile.AngleField("phi"), molfile.AngleField("psi"), {Name: "energy"}}

func TestColvarIsATableOfPLUMED(t *testing.T) {
	path := filepath.Join(t.TempDir(), "COLVAR")
	w, err := molfile.CreateColvar(path, 1, phiPsi)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range [][4]float64{{0, -1.35263, -0.256562987, -134.333084502}, {1, math.Pi, -3, 1.5e20}, {2.5, 0, math.NaN(), math.Inf(1)}} {
		if err := w.Append(row[0], row[1:]); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	want := `#! FIELDS time phi psi energy
#! SET min_phi -pi
#! SET max_phi pi
#! SET min_psi -pi
#! SET max_psi pi
 0.00000000 -1.35263000 -0.25656299 -134.33308450
 1.00000000 3.14159265 -3.00000000 1.500000000e+20
 2.50000000 0.00000000 nan +Inf
`
	if got := read(t, path); got != want {
		t.Errorf("wrote\n%swant\n%s", got, want)
	}
	c, err := molfile.ReadColvar(path)
	if err != nil {
		t.Fatal(err)
	}
	if want := append([]molfile.Field{{Name: "time"}}, phiPsi...); !slices.Equal(c.Fields, want) || len(c.Constants) != 0 {
		t.Errorf("fields are %v, want %v, and constants %v, want none", c.Fields, want, c.Constants)
	}
	if c.Rows() != 3 || !c.Fields[1].Periodic() || c.Fields[3].Periodic() {
		t.Errorf("%d rows of %v", c.Rows(), c.Fields)
	}
	wantPositions(t, c.Column("phi"), []float64{-1.35263, math.Pi, 0}, 0.5e-8)
	wantPositions(t, c.Column("time"), []float64{0, 1, 2.5}, 0)
	if c.Column("chi") != nil {
		t.Error("there is a column chi")
	}
}

func TestColvarOfPLUMEDIsRead(t *testing.T) {
	c, err := molfile.DecodeColvar(strings.NewReader(`#! FIELDS time dist
#! SET min_dist 0
#! SET max_dist 2.5
#! SET beta 0.4
# a comment
 0.000000 -0.654956

 206.706867 nan
#! FIELDS time dist
 413.413733 inf
`), "COLVAR")
	if err != nil {
		t.Fatal(err)
	}
	if want := []molfile.Field{{Name: "time"}, {Name: "dist", Min: 0, Max: 2.5}}; !slices.Equal(c.Fields, want) || c.Constants["beta"] != "0.4" {
		t.Errorf("found %v and %v", c.Fields, c.Constants)
	}
	dist := c.Column("dist")
	if len(dist) != 3 || dist[0] != -0.654956 || !math.IsNaN(dist[1]) || !math.IsInf(dist[2], 1) {
		t.Errorf("dist is %v", dist)
	}
}

func TestColvarContinuesFromACheckpoint(t *testing.T) {
	const replicas = 3
	dir := t.TempDir()
	write := func(w *molfile.ColvarWriter, from, to int) {
		t.Helper()
		for f := from; f < to; f++ {
			values := make([]float64, 3*replicas)
			for i := range values {
				values[i] = float64(f*10 + i)
			}
			if err := w.Append(float64(f), values); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
	}
	whole, parts := filepath.Join(dir, "whole.dat"), filepath.Join(dir, "parts.dat")
	w, err := molfile.CreateColvar(whole, replicas, phiPsi)
	if err != nil {
		t.Fatal(err)
	}
	write(w, 0, 9)
	if w, err = molfile.CreateColvar(parts, replicas, phiPsi); err != nil {
		t.Fatal(err)
	}
	write(w, 0, 7)
	if w, err = molfile.ResumeColvar(parts, replicas, phiPsi, 4); err != nil {
		t.Fatal(err)
	}
	write(w, 4, 9)
	if w.Rows() != 9 {
		t.Errorf("%d rows, want 9", w.Rows())
	}
	for r := range replicas {
		if read(t, molfile.ReplicaPath(whole, r, replicas)) != read(t, molfile.ReplicaPath(parts, r, replicas)) {
			t.Errorf("the files of replica %d differ", r)
		}
	}
	_, err = molfile.ResumeColvar(parts, replicas, phiPsi, 10)
	wantError(t, err, "parts-0000.dat: holds 9 rows, want 10 or more")
	_, err = molfile.ResumeColvar(parts, replicas, phiPsi[:2], 1)
	wantError(t, err, "parts-0000.dat: line 1: is not the header of this simulation")
}

func TestColvarErrorsNameTheLine(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"empty", "", "found no #! FIELDS in 0 lines"},
		{"no header", "1 2 3\n", `line 1: found "1 2 3", want #! FIELDS`},
		{"no names", "#! FIELDS\n", "line 1: found 0 names"},
		{"a name twice", "#! FIELDS time time\n", `line 1: the field "time" appears twice`},
		{"a short row", "#! FIELDS time phi\n1 2\n3\n", "line 3: found 1 values, want 2 (time phi)"},
		{"a letter", "#! FIELDS time phi\n1 x2\n", `line 2: phi: found "x2", want a number`},
		{"another header", "#! FIELDS time phi\n1 2\n#! FIELDS time psi\n", "line 3: FIELDS time psi differ from time phi"},
		{"half a constant", "#! FIELDS time phi\n#! SET min_phi\n", `line 2: found "#! SET min_phi", want #! SET name value`},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := molfile.DecodeColvar(strings.NewReader(c.text), "COLVAR")
			wantError(t, err, "COLVAR: ", c.want)
		})
	}
}

func TestNPZHoldsTheFramesOfAllReplicas(t *testing.T) {
	path := filepath.Join(t.TempDir(), "traj.npz")
	w, err := molfile.CreateNPZ[float32](path, 2, 3)
	if err != nil {
		t.Fatal(err)
	}
	var want []float32
	for f := range 4 {
		x := make([]float32, 18)
		for i := range x {
			x[i] = float32(f) + float32(i)/32
		}
		want = append(want, x...)
		if err := w.Append(int64(500*f), float64(f), x); err != nil {
			t.Fatal(err)
		}
	}
	w.Add("energy", []float64{1, 2, 3, 4, 5, 6, 7, 8}, 4, 2)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	w.Discard()
	got, err := molfile.ReadNPZ[float64](path)
	if err != nil {
		t.Fatal(err)
	}
	if got.Frames != 4 || got.Replicas != 2 || got.Atoms != 3 || !slices.Equal(got.Step, []int64{0, 500, 1000, 1500}) || !slices.Equal(got.Time, []float64{0, 1, 2, 3}) {
		t.Errorf("found %+v", got)
	}
	for i, v := range want {
		if got.Positions[i] != float64(v) {
			t.Fatalf("coordinate %d is %v, want %v", i, got.Positions[i], v)
		}
	}
}

func FuzzColvar(f *testing.F) {
	f.Add([]byte("#! FIELDS time phi\n#! SET min_phi -pi\n#! SET max_phi pi\n 0.0 -1.0\n 1.0 nan\n"))
	f.Add([]byte("#! FIELDS time\n# x\n#! SET a b\n1e999\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := molfile.DecodeColvar(strings.NewReader(string(data)), "fuzz")
		if err != nil {
			return
		}
		if len(c.Fields) == 0 || len(c.Values)%len(c.Fields) != 0 || len(c.Values) > len(data) {
			t.Errorf("%d values of %d fields from %d bytes", len(c.Values), len(c.Fields), len(data))
		}
		for _, field := range c.Fields {
			if len(c.Column(field.Name)) != c.Rows() {
				t.Errorf("a column of %d in %d rows", len(c.Column(field.Name)), c.Rows())
			}
		}
	})
}
