package main

import (
	"archive/zip"
	"bytes"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pushforward/internal/npy"
	"pushforward/internal/safetensors"
)

// wrongFiles fills a folder with good and bad files.
func wrongFiles(t *testing.T) (dir string) {
	t.Helper()
	dir = t.TempDir()
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	raw := func(name string, b []byte) { check(os.WriteFile(filepath.Join(dir, name), b, 0o666)) }
	float := func(name string, data []float64, shape ...int) {
		check(npy.WriteFile(filepath.Join(dir, name), npy.Array[float64]{Shape: shape, Data: data}))
	}
	float("good.npy", []float64{1, 2, -1, 0.5, 0, -2}, 3, 2)
	float("three.npy", []float64{1, 2, 3}, 1, 3)
	float("one-axis.npy", []float64{1, 2, 3}, 3)
	float("one.npy", []float64{1, 2}, 1, 2)
	float("negative-weight.npy", []float64{1, -2, 3}, 3)
	float("empty.npy", nil, 0, 2)
	float("flat.npy", nil, 2, 0)
	float("scalar.npy", []float64{1})
	float("nan.npy", []float64{1, 2, 3, math.NaN(), 5, 6}, 3, 2)
	float("inf.npy", []float64{1, math.Inf(-1)}, 1, 2)
	float("huge.npy", []float64{1e39, 0}, 1, 2)
	check(npy.WriteFile(filepath.Join(dir, "ints.npy"), npy.Array[int64]{Shape: []int{1, 2}, Data: []int64{1, 2}}))
	good := read(t, dir, "good.npy")
	raw("truncated.npy", good[:len(good)-5])
	raw("header-cut.npy", good[:50])
	raw("longer.npy", append(bytes.Clone(good), 1, 2, 3))
	raw("text.npy", []byte("1.0,2.0\n3.0,4.0\n"))
	raw("nothing.npy", nil)
	raw("huge-header.npy", []byte("\x93NUMPY\x02\x00\xff\xff\xff\xff{'descr'"))
	raw("hostile-shape.npy", bytes.Replace(good, []byte("(3, 2), }  "), []byte("(1<<60,2)} "), 1))
	raw("overflow.npy", bytes.Replace(good, []byte("(3, 2), }                      "), []byte("(4294967296, 4294967296, 2), } "), 1))
	raw("negative.npy", bytes.Replace(good, []byte("(3, 2), } "), []byte("(-3, 2), }"), 1))
	raw("pickle.npy", bytes.Replace(good, []byte("'<f8'"), []byte("'|O' "), 1))
	prmtop, err := os.ReadFile("../../md/molfile/testdata/ala2.prmtop")
	check(err)
	raw("good.prmtop", prmtop)
	raw("truncated.prmtop", prmtop[:len(prmtop)/2])
	raw("text.prmtop", []byte("hello, I am no topology\n"))
	raw("text.inpcrd", []byte("a title\n  21\n"))
	raw("text.npz", []byte("PK but no archive"))
	check(npy.WriteArchive(filepath.Join(dir, "two.npz"), func(a *npy.ArchiveWriter) error {
		check(npy.AddTo(a, "a", npy.Array[float64]{Shape: []int{1, 2}, Data: []float64{1, 2}}))
		return npy.AddTo(a, "b", npy.Array[float64]{Shape: []int{1, 2}, Data: []float64{1, 2}})
	}))
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.Create("x.npy")
	check(err)
	w.Write(good[:len(good)-5])
	check(z.Close())
	raw("truncated.npz", b.Bytes())

	mustRun(t, dir, "train", "--data", "good.npy", "--steps", "2", "--hidden", "4", "--out", "good.safetensors")
	model := read(t, dir, "good.safetensors")
	raw("truncated.safetensors", model[:len(model)-5])
	raw("text.safetensors", []byte("hello, I am no model\n"))
	raw("nothing.safetensors", nil)
	raw("huge-header.safetensors", append([]byte("\xff\xff\xff\xff\xff\xff\xff\x7f"), model[8:]...))
	raw("long-header.safetensors", append([]byte("\x00\xe0\xf5\x05\x00\x00\x00\x00"), model[8:]...))
	raw("flipped.safetensors", bytes.Replace(model, []byte(`"F32"`), []byte(`"F64"`), 1))
	check((&safetensors.File{Metadata: map[string]string{"format": "pt"}}).WriteFile(filepath.Join(dir, "other.safetensors")))
	return dir
}

func TestWrongInputGivesOneClearLine(t *testing.T) {
	dir := wrongFiles(t)
	const (
		w2      = "w2 good.npy "
		logprob = "logprob --model good.safetensors --out o.npy --in "
		train   = "train --steps 2 --out o.safetensors --data "
		resume  = "train --out o.safetensors --data good.npy --resume "
		sample  = "sample --n 10 --out o.npy --model "
	)
	for _, c := range []struct {
		name, args string
		code       int
		want       string
	}{
		{"no command", "", 2, "no command given"},
		{"an unknown command", "sampel", 2, `unknown command "sampel"`},
		{"an unknown option", w2 + "good.npy --mthod 1d", 2, "unknown option --mthod, did you mean --method?"},
		{"an option of another command", "cpu --model m", 2, "unknown option --model"},
		{"an unknown method", w2 + "good.npy --method sinkhron", 2, `option --method: "sinkhron": want exact or auction or column-generation or small-side or 1d or sliced or sinkhorn`},
		{"a plan without one", w2 + "good.npy --method 1d --plan p.npz", 2, "--plan needs an exact method, not 1d"},
		{"a plan in no archive", w2 + "good.npy --plan p.npy", 2, "--plan p.npy: want a name that ends in .npz"},
		{"a plan over the samples", "w2 two.npz:a two.npz:b --plan two.npz", 2, "writing two.npz would replace what is read"},
		{"a floor of weighted samples", w2 + "good.npy --floor 3 --weights-a one-axis.npy", 2, "--floor is for samples without weights"},
		{"lines without slicing", w2 + "good.npy --projections 3", 2, "--projections is for --method sliced"},
		{"slices of a torus", w2 + "good.npy --method sliced --period 6", 2, "--method sliced knows no --period"},
		{"no epsilon", w2 + "good.npy --method sinkhorn", 2, "--method sinkhorn needs --epsilon above 0"},
		{"an epsilon without use", w2 + "good.npy --epsilon 1", 2, "--epsilon is for --method sinkhorn"},
		{"an auction of unequal sizes", w2 + "one.npy --method auction", 1, "the auction needs as many rows as columns"},
		{"too few weights", w2 + "good.npy --weights-b scalar.npy", 1, "scalar.npy: shape: [], want one weight for each of 3 samples"},
		{"a negative weight", w2 + "good.npy --weights-a negative-weight.npy", 1, "weight a[1] is -2"},
		{"a plan in no folder", w2 + "good.npy --plan no/p.npz", 1, "no/p.npz"},
		{"one file for two", "w2 good.npy", 2, "1 arguments, want A.npy B.npy"},
		{"three files for two", w2 + "good.npy good.npy", 2, "unexpected argument"},
		{"three periods for two coordinates", w2 + "good.npy --period 1,2,3", 2, "3 periods, want 1 or 2"},
		{"a period below 0", w2 + "good.npy --period -1", 2, "a period of -1, want 0 or more"},
		{"an unknown system", "simulate triple-well --out t.npz", 2, `unknown system "triple-well"`},
		{"no system", "simulate --out t.npz", 2, "0 arguments, want SYSTEM"},
		{"no --out", "simulate double-well", 2, "missing --out"},
		{"another kind of file", "simulate double-well --out t.csv", 2, "want a name that ends in .npz or .npy"},
		{"more memory than there is", "simulate double-well --out t.npz --steps 1e15", 2, "do not fit into 16 GiB"},
		{"no frame", "simulate double-well --out t.npz --steps 5 --every 6", 2, "there would be no frame"},
		{"a start of three coordinates", "simulate double-well --out t.npz --start 1,2,3", 2, "--start has 3 numbers, want 2"},
		{"a step that is too large", "simulate double-well --out t.npz --dt 10", 1, "replica"},
		{"a temperature for the double well", "simulate double-well --out t.npz --temperature 300", 2, "--temperature is for molecules alone"},
		{"a beta for a molecule", "simulate alanine-dipeptide --out t.npz --beta 2", 2, "--beta is for double-well alone"},
		{"an overdamped molecule", "simulate alanine-dipeptide --out t.npz --scheme euler-maruyama", 2, "--scheme euler-maruyama is for double-well alone"},
		{"a double well with masses", "simulate double-well --out t.npz --scheme velocity-verlet", 2, "--scheme velocity-verlet is for molecules alone"},
		{"a molecule without any output", "simulate alanine-dipeptide", 2, "want --out or --colvar"},
		{"a molecule as .npy", "simulate alanine-dipeptide --out t.npy", 2, "want a name that ends in .npz or .dcd"},
		{"no frame of a molecule", "simulate alanine-dipeptide --out t.npz --length 1 --interval 2", 2, "there would be no frame"},
		{"an unknown observable", "simulate alanine-dipeptide --out t.npz --observables chi", 2, `unknown observable "chi"`},
		{"an atom that is not there", "simulate alanine-dipeptide --out t.npz --observables 1-2-3-22", 2, "atom 22, want 0 to 21"},
		{"no torsion for COLVAR", "simulate alanine-dipeptide --colvar o.colvar --observables kinetic", 2, "no torsions among the observables"},
		{"a time step that breaks a molecule", "simulate alanine-dipeptide --out t.npz --dt 0.02 --length 2 --interval 2", 1, "try a smaller time step"},
		{"the same as .dcd", "simulate alanine-dipeptide --out t.dcd --dt 0.02 --length 2 --interval 2", 1, "try a smaller time step"},
		{"a topology without coordinates", "simulate good.prmtop --out t.npz", 2, "--coordinates is missing"},
		{"a topology that is missing", "simulate no.prmtop --out t.npz --coordinates a.inpcrd", 1, "no.prmtop: no such file"},
		{"a topology that is cut off", "energy truncated.prmtop --in good.npy --out o.npz", 1, "truncated.prmtop: "},
		{"text as topology", "energy text.prmtop --in good.npy --out o.npz", 1, "text.prmtop: "},
		{"coordinates of another molecule", "energy good.prmtop --coordinates text.inpcrd", 1, "text.inpcrd: "},
		{"coordinates of an unknown kind", "energy good.prmtop --coordinates good.npy", 2, "want a file .inpcrd, .crd, .rst7 or .pdb"},
		{"no checkpoint of a simulation", "simulate alanine-dipeptide --out t.npz --resume no.npz", 1, "no.npz: no such file"},
		{"samples as checkpoint", "simulate alanine-dipeptide --out t.npz --resume two.npz", 1, "two.npz: "},
		{"energies of nothing", "energy double-well", 2, "--in is missing"},
		{"energies for the screen", "energy alanine-dipeptide --in good.npy", 2, "--in and --out go together"},
		{"energies as .npy", "energy alanine-dipeptide --in good.npy --out o.npy", 2, "want a .npz file"},
		{"configurations of another size", "energy alanine-dipeptide --in good.npy --out o.npz", 1, "good.npy: shape: [3 2], want (n, 66) or (n, 22, 3)"},
		{"a negative number of samples", sample + "good.safetensors --n -5", 2, "want a whole number of 1 or more"},
		{"more samples than there are", sample + "good.safetensors --offset 18446744073709551615", 2, "go beyond the last sample"},
		{"more samples than a file holds", sample + "good.safetensors --n 9e15 --n 4611686018427387904", 2, "fit into no file"},
		{"samples as .npz", "sample --n 10 --out o.npz --model good.safetensors", 2, "want a .npy file"},
		{"a duration without unit", "check --for 10", 2, `option --for: "10": want a duration`},
		{"a duration of 0", "check --for 0s", 2, "want more than 0"},
		{"log-densities as .npz", logprob + "good.npy --out o.npz", 2, "want a .npy file"},
		{"a model in place of its data", "train --data good.npy --out good.npy", 2, "writing good.npy would replace what is read"},
		{"a checkpoint in place of the data", train + "good.npy --checkpoint ./good.npy", 2, "writing ./good.npy would replace what is read"},
		{"log-densities in place of samples", "logprob --model good.safetensors --in good.npy --out good.npy", 2, "would replace what is read"},
		{"samples in place of the model", "sample --model good.safetensors --n 5 --out good.safetensors", 2, "would replace what is read"},
		{"more layers than memory", train + "good.npy --layers 1000000000", 2, "--layers 1000000000, want at most 4096"},
		{"an option that the checkpoint has", resume + "good.safetensors --rate 1", 2, "--rate cannot be given with --resume"},

		{"an unknown experiment", "paper --experiment triple-well", 2, `"triple-well": want all or double-well or alanine`},
		{"no folder for the report", "paper --out=", 2, "--out is empty, want a folder"},
		{"a file where the report's folder should be", "paper --out good.npy", 1, "good.npy: not a directory"},

		{"a missing file", w2 + "no.npy", 1, "no.npy: no such file"},
		{"a folder", w2 + ".", 1, ".: is a folder"},
		{"other coordinates", w2 + "three.npy", 1, "good.npy has 2 coordinates, three.npy has 3"},
		{"NaN", w2 + "nan.npy", 1, "nan.npy: row 1, column 1 (counted from 0) is NaN"},
		{"an infinity", w2 + "inf.npy", 1, "inf.npy: row 0, column 1 (counted from 0) is -Inf"},
		{"no samples", w2 + "empty.npy", 1, "empty.npy: shape: [0 2] has no samples"},
		{"no coordinates", w2 + "flat.npy", 1, "flat.npy: shape: [2 0] has no coordinates"},
		{"a single number", w2 + "scalar.npy", 1, "scalar.npy: shape: a single number"},
		{"integers", w2 + "ints.npy", 1, "ints.npy: dtype: '<i8' (int64), want '<f4' (float32) or '<f8' (float64)"},
		{"a file that is cut off", w2 + "truncated.npy", 1, "truncated.npy: data: the file holds 43 bytes, want 48"},
		{"a header that is cut off", w2 + "header-cut.npy", 1, "header-cut.npy: header: the file ends after 40 of"},
		{"a file that is too long", w2 + "longer.npy", 1, "longer.npy: data: the file holds 51 bytes, want 48"},
		{"text", w2 + "text.npy", 1, "text.npy: magic string"},
		{"an empty file", w2 + "nothing.npy", 1, "nothing.npy: magic string: the file ends"},
		{"a huge header", w2 + "huge-header.npy", 1, "huge-header.npy: header length: 4294967295 bytes, want at most 65535"},
		{"a shape of code", w2 + "hostile-shape.npy", 1, "hostile-shape.npy: shape: found"},
		{"a shape that overflows", w2 + "overflow.npy", 1, "overflow.npy: shape: (4294967296, 4294967296, 2) has more elements"},
		{"a negative shape", w2 + "negative.npy", 1, "negative.npy: shape: the length -3 is negative"},
		{"a pickle", w2 + "pickle.npy", 1, "pickle.npy: dtype: an object array"},
		{"no archive", w2 + "text.npz", 1, "text.npz: zip directory"},
		{"an archive of two", w2 + "two.npz", 1, "two.npz: holds 2 arrays and none is called x or positions, want two.npz:NAME with one of a, b"},
		{"an array that is not there", w2 + "two.npz:c", 1, `two.npz: holds no array "c", only a, b`},
		{"an array that is cut off", w2 + "truncated.npz", 1, "truncated.npz: x: data: the file holds 43 bytes, want 48"},
		{"numbers beyond float32", logprob + "huge.npy", 1, "huge.npy: data: element 0 is 1e+39, too large for a float32"},
		{"samples of another dimension", logprob + "three.npy", 1, "three.npy: shape: samples of 3 coordinates, want 2 as good.safetensors has"},
		{"samples with NaN", logprob + "nan.npy", 1, "nan.npy: row 1, column 1"},

		{"no data", train + "no.npy", 1, "no.npy: no such file"},
		{"data with NaN", train + "nan.npy", 1, "nan.npy: row 1, column 1"},
		{"data of one coordinate", train + "one-axis.npy", 1, "one-axis.npy: shape: samples of 1 coordinate, want 2 or more"},
		{"too little data to hold out", train + "three.npy --holdout 0.5", 1, "three.npy: shape: 1 sample, want 2 or more to hold some out"},
		{"a model for a folder", "train --data good.npy --steps 2 --out .", 1, ".: is a folder"},
		{"a folder that is missing", "train --data good.npy --steps 2 --out no/m.safetensors", 1, "there is no folder no"},
		{"no checkpoint", resume + "no.safetensors", 1, "no.safetensors: no such file"},
		{"a model as checkpoint", resume + "good.safetensors", 1, "no training checkpoint"},

		{"no model", sample + "no.safetensors", 1, "no.safetensors: no such file"},
		{"a model that is cut off", sample + "truncated.safetensors", 1, "truncated.safetensors: "},
		{"text as model", sample + "text.safetensors", 1, "text.safetensors: header length"},
		{"an empty model", sample + "nothing.safetensors", 1, "nothing.safetensors: header length: the file ends"},
		{"a model with a huge header", sample + "huge-header.safetensors", 1, "huge-header.safetensors: header length: 9223372036854775807 bytes"},
		{"a header longer than its file", sample + "long-header.safetensors", 1, "long-header.safetensors: header length: "},
		{"a model with another dtype", sample + "flipped.safetensors", 1, "flipped.safetensors: "},
		{"another program's file", sample + "other.safetensors", 1, "other.safetensors: "},
		{"a folder that is missing, for samples", "sample --model good.safetensors --n 5 --out no/x.npy", 1, "writing no/x.npy: no such file"},
	} {
		t.Run(c.name, func(t *testing.T) {
			code, stdout, stderr := run(t, command(t, dir, strings.Fields(c.args)...))
			if code != c.code || stdout != "" || !strings.Contains(stderr, c.want) {
				t.Errorf("pushforward %s: code %d, want %d; printed %q; %q, want %q in it", c.args, code, c.code, stdout, stderr, c.want)
			}
			if strings.Count(stderr, "\n") != 1 || !strings.HasPrefix(stderr, "pushforward") || len(stderr) > 400 {
				t.Errorf("want one line that begins with pushforward: %q", stderr)
			}
		})
	}
	for _, pattern := range []string{"o.*", "t.npz", "t.dcd", ".*.tmp*", "*.checkpoint"} {
		if left, _ := filepath.Glob(filepath.Join(dir, pattern)); len(left) > 0 {
			t.Errorf("a call that failed left %q", left)
		}
	}
}

func TestAFullDiskIsAnError(t *testing.T) {
	if _, err := os.Stat("/dev/full"); err != nil {
		t.Skip("no /dev/full here")
	}
	dir := wrongFiles(t)
	for _, args := range []string{
		"sample --model good.safetensors --n 100000 --out /dev/full",
		"logprob --model good.safetensors --in good.npy --out /dev/full",
		"train --data good.npy --steps 2 --hidden 4 --out /dev/full",
	} {
		code, stdout, stderr := run(t, command(t, dir, strings.Fields(args)...))
		if code != 1 || stdout != "" || !strings.Contains(stderr, "/dev/full: no space left on device") || strings.Count(stderr, "\n") != 1 {
			t.Errorf("%s: code %d, %q, %q", args, code, stdout, stderr)
		}
	}
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer full.Close()
	for _, args := range []string{"cpu", "version --json", "w2 good.npy good.npy", "help", "w2 --help"} {
		c := command(t, dir, strings.Fields(args)...)
		c.Stdout = full
		if code, _, stderr := run(t, c); code != 1 || !strings.Contains(stderr, "writing standard output: no space left on device\n") {
			t.Errorf("%s into a full disk: code %d, %q", args, code, stderr)
		}
	}
}
