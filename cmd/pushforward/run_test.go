package main

import (
	"bytes"
	"errors"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"pushforward/internal/npy"
)

func TestFromSimulationToDistance(t *testing.T) {
	dir := t.TempDir()
	sim := result(t, dir, "simulate", "double-well", "--steps", "2000", "--replicas", "8", "--every", "20", "--seed", "3", "--out", "traj.npz")
	if sim["frames"] != 100.0 || sim["replicas"] != 8.0 || sim["mean_core_changes"].(float64) < 5 {
		t.Errorf("simulate printed %v", sim)
	}
	a, err := npy.OpenArchive(filepath.Join(dir, "traj.npz"))
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	x, err := npy.ReadFrom[float32](a, "x")
	if err != nil || !slices.Equal(x.Shape, []int{100, 8, 2}) {
		t.Errorf("x has shape %v, %v", x.Shape, err)
	}
	times, err := npy.ReadFrom[float64](a, "t")
	if err != nil || len(times.Data) != 100 || math.Abs(times.Data[0]-51) > 1e-9 || math.Abs(times.Data[99]-150) > 1e-9 {
		t.Errorf("t goes from %v to %v, %v", times.Data[0], times.Data[99], err)
	}

	trained := result(t, dir, "train", "--data", "traj.npz", "--steps", "300", "--batch", "256", "--rate", "3e-3", "--hidden", "32", "--out", "m.safetensors")
	if trained["samples"] != 800.0 || trained["loss"].(float64) > 3.2 {
		t.Errorf("train printed %v", trained)
	}
	if _, err := os.Stat(filepath.Join(dir, "m.safetensors.checkpoint")); err == nil {
		t.Error("the checkpoint was not removed")
	}
	result(t, dir, "sample", "--model", "m.safetensors", "--n", "800", "--seed", "9", "--out", "x.npy")
	lp := result(t, dir, "logprob", "--model", "m.safetensors", "--in", "traj.npz", "--out", "lp.npy")
	if math.Abs(lp["mean_nll"].(float64)-trained["loss"].(float64)) > 0.3 {
		t.Errorf("the loss was %v, and is %v of all data", trained["loss"], lp["mean_nll"])
	}
	logProb, err := npy.ReadFile[float64](filepath.Join(dir, "lp.npy"))
	if err != nil || !slices.Equal(logProb.Shape, []int{800}) {
		t.Errorf("lp has shape %v, %v", logProb.Shape, err)
	}
	near := result(t, dir, "w2", "traj.npz", "x.npy")
	if w := near["w2"].(float64); w > 0.6 || math.Abs(w*w-near["w2_squared"].(float64)) > 1e-12 {
		t.Errorf("w2 printed %v", near)
	}
}

func TestDistancesThatAreKnown(t *testing.T) {
	dir := t.TempDir()
	for name, x := range map[string][]float64{"a.npy": {0, 0, 1, 0}, "b.npy": {3, 4, 4, 4}, "c.npy": {9.5, 0}} {
		if err := npy.WriteFile(filepath.Join(dir, name), npy.Array[float64]{Shape: []int{len(x) / 2, 2}, Data: x}); err != nil {
			t.Fatal(err)
		}
	}
	if w := result(t, dir, "w2", "a.npy", "b.npy"); w["w2"] != 5.0 || w["w2_squared"] != 25.0 {
		t.Errorf("a translation by (3, 4) gives %v", w)
	}
	// On a circle of circumference 10 the point 9.5 is 0.5 from 0 and 1.5 from 1.
	want := math.Sqrt((0.25 + 2.25) / 2)
	if w := result(t, dir, "w2", "c.npy", "a.npy", "--period", "10,0"); math.Abs(w["w2"].(float64)-want) > 1e-12 {
		t.Errorf("on the torus %v, want %g", w, want)
	}
	circle := result(t, dir, "w2", "c.npy", "a.npy", "--period", "10,0", "--method", "1d")["marginals"].([]any)[0].(map[string]any)
	if math.Abs(circle["w2"].(float64)-want) > 1e-12 {
		t.Errorf("on the circle %v, want %g", circle, want)
	}
	w := result(t, dir, "w2", "--method=1d", "a.npy", "b.npy")
	marginals := w["marginals"].([]any)
	for k, want := range []float64{3, 4} {
		m := marginals[k].(map[string]any)
		if m["coordinate"] != float64(k+1) || m["w2"] != want || m["w2_squared"] != want*want {
			t.Errorf("coordinate %d gives %v, want %g", k+1, m, want)
		}
	}
}

func TestTransportOnTheCommandLine(t *testing.T) {
	dir := t.TempDir()
	write := func(name string, x []float64, shape ...int) {
		t.Helper()
		if err := npy.WriteFile(filepath.Join(dir, name), npy.Array[float64]{Shape: shape, Data: x}); err != nil {
			t.Fatal(err)
		}
	}
	write("a.npy", []float64{0, 0, 1, 0, 9, 9}, 3, 2)
	write("b.npy", []float64{3, 4, 4, 4}, 2, 2)
	write("wa.npy", []float64{1, 3, 0}, 3)
	write("wb.npy", []float64{2, 2}, 2)

	// A quarter at 0 and three at 1 to halves at 3 and 4, all 4 apart in the other coordinate.
	weighted := []string{"w2", "a.npy", "b.npy", "--weights-a", "wa.npy", "--weights-b", "wb.npy"}
	want := 16 + (9+4)/4.0 + 9/2.0
	for _, method := range []string{"exact", "column-generation", "small-side"} {
		w := result(t, dir, append(weighted, "--method", method, "--plan", "plan.npz")...)
		if math.Abs(w["w2_squared"].(float64)-want) > 1e-12 || w["status"] != "optimal" || w["relative_gap"].(float64) > 1e-10 {
			t.Errorf("%s: %v, want W2² = %g", method, w, want)
		}
	}
	archive, err := npy.OpenArchive(filepath.Join(dir, "plan.npz"))
	if err != nil {
		t.Fatal(err)
	}
	defer archive.Close()
	i, errI := npy.ReadFrom[int64](archive, "i")
	j, errJ := npy.ReadFrom[int64](archive, "j")
	mass, errMass := npy.ReadFrom[float64](archive, "mass")
	if err := errors.Join(errI, errJ, errMass); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(i.Data, []int64{0, 1, 1}) || !slices.Equal(j.Data, []int64{0, 0, 1}) || !slices.Equal(mass.Data, []float64{0.25, 0.25, 0.5}) {
		t.Errorf("the plan is %v to %v with %v", i.Data, j.Data, mass.Data)
	}

	// Sliced: a translation by v in the plane has the mean (v·θ)² = |v|²/2 over all lines.
	write("c.npy", []float64{3, 4, 4, 4, 12, 13}, 3, 2)
	sliced := result(t, dir, "w2", "a.npy", "c.npy", "--method", "sliced", "--projections", "4000", "--seed", "5")
	if v := sliced["sliced_w2_squared"].(float64); math.Abs(v-12.5) > 0.7 {
		t.Errorf("sliced W2² of a translation by (3, 4) is %g, want about 12.5", v)
	}
	// The divergence of a translation is |v|², at any epsilon.
	sinkhorn := result(t, dir, "w2", "a.npy", "c.npy", "--method", "sinkhorn", "--epsilon", "2")
	if v := sinkhorn["sinkhorn_divergence"].(float64); math.Abs(v-25) > 1e-6 || sinkhorn["status"] != "converged" {
		t.Errorf("the Sinkhorn divergence of a translation by (3, 4) is %v, want 25", sinkhorn)
	}

	// Of the 20 ways to deal six points to threes, two are as far apart as these.
	for _, method := range [][]string{{"exact"}, {"sliced"}, {"sinkhorn", "--epsilon", "1"}} {
		w := result(t, dir, append([]string{"w2", "a.npy", "c.npy", "--floor", "9", "--seed", "3", "--method"}, method...)...)
		floor := w["floor"].(map[string]any)
		values := floor["values"].([]any)
		if p := floor["p_value"].(float64); len(values) != 9 || !(p >= 0.1 && p <= 1) {
			t.Errorf("%s: the floor is %v", method, floor)
		}
	}
	w := result(t, dir, "w2", "a.npy", "c.npy", "--floor", "9", "--method", "1d")
	for _, m := range w["marginals"].([]any) {
		if m.(map[string]any)["floor"] == nil {
			t.Errorf("a coordinate has no floor: %v", m)
		}
	}
}

func TestResultsDoNotDependOnThreadsOrShards(t *testing.T) {
	dir := t.TempDir()
	for _, threads := range []string{"1", "5"} {
		mustRun(t, dir, "simulate", "double-well", "--steps", "500", "--replicas", "100", "--every", "50", "--threads", threads, "--out", "t"+threads+".npz")
		mustRun(t, dir, "train", "--data", "t"+threads+".npz", "--steps", "20", "--hidden", "16", "--threads", threads, "--out", "m"+threads)
		mustRun(t, dir, "sample", "--model", "m"+threads, "--n", "70000", "--seed", "7", "--threads", threads, "--out", "x"+threads)
	}
	for _, name := range []string{"t%.npz", "m%", "x%"} {
		if !bytes.Equal(read(t, dir, strings.Replace(name, "%", "1", 1)), read(t, dir, strings.Replace(name, "%", "5", 1))) {
			t.Errorf("%s differs between 1 and 5 threads", name)
		}
	}
	mustRun(t, dir, "sample", "--model", "m1", "--n", "1000", "--seed", "7", "--offset", "69000", "--out", "tail")
	all, err := npy.ReadFile[float32](filepath.Join(dir, "x1"))
	if err != nil {
		t.Fatal(err)
	}
	tail, err := npy.ReadFile[float32](filepath.Join(dir, "tail"))
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(all.Data[2*69000:], tail.Data) {
		t.Error("samples from 69,000 on are others when drawn alone")
	}
}

func TestDoublePrecisionStaysDouble(t *testing.T) {
	dir := t.TempDir()
	mustRun(t, dir, "simulate", "double-well", "--steps", "50", "--precision", "float64", "--out", "t.npy")
	mustRun(t, dir, "train", "--data", "t.npy", "--steps", "3", "--hidden", "4", "--precision", "float64", "--out", "m")
	mustRun(t, dir, "sample", "--model", "m", "--n", "5", "--out", "x.npy")
	for _, name := range []string{"t.npy", "x.npy"} {
		if h, err := npy.Inspect(filepath.Join(dir, name)); err != nil || h.Descr != "<f8" {
			t.Errorf("%s holds %v, %v", name, h, err)
		}
	}
	mustRun(t, dir, "logprob", "--model", "m", "--in", "x.npy", "--out", "lp.npy")
}

// waitFor waits until a file is there and ok says so.
func waitFor(t *testing.T, path string, ok func(os.FileInfo) bool) {
	t.Helper()
	for range 2000 {
		if info, err := os.Stat(path); err == nil && ok(info) {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
	t.Fatalf("%s did not appear", path)
}

func TestTrainingThatIsStoppedResumesToTheSameBits(t *testing.T) {
	dir := t.TempDir()
	mustRun(t, dir, "simulate", "double-well", "--steps", "2000", "--out", "t.npz")
	options := []string{"train", "--data", "t.npz", "--hidden", "8", "--batch", "64", "--steps", "20000", "--seed", "2", "--holdout", "0.1"}
	if testing.Short() {
		options[8] = "4000"
	}
	mustRun(t, dir, append(options, "--out", "whole")...)
	want := read(t, dir, "whole")
	for _, c := range []struct {
		name   string
		signal os.Signal
		code   int
	}{
		{"by Ctrl-C", os.Interrupt, 1},
		{"by kill -9", syscall.SIGKILL, -1},
	} {
		t.Run(c.name, func(t *testing.T) {
			out := filepath.Join(dir, "stopped")
			os.Remove(out)
			stopped := command(t, dir, append(options, "--out", "stopped", "--checkpoint-every", "100")...)
			var stderr bytes.Buffer
			stopped.Stderr = &stderr
			if err := stopped.Start(); err != nil {
				t.Fatal(err)
			}
			waitFor(t, out+".checkpoint", func(os.FileInfo) bool { return true })
			time.Sleep(20 * time.Millisecond)
			stopped.Process.Signal(c.signal)
			stopped.Wait()
			if code := stopped.ProcessState.ExitCode(); code != c.code {
				t.Fatalf("code %d, want %d; %s", code, c.code, stderr.String())
			}
			if _, err := os.Stat(out); err == nil {
				t.Error("a model is there that was not trained to the end")
			}
			if c.code == 1 && (!strings.HasPrefix(stderr.String(), "pushforward train: interrupted: step ") || !strings.Contains(stderr.String(), "--resume stopped.checkpoint\n")) {
				t.Errorf("said %q", stderr.String())
			}
			// The checkpoint is a model too.
			mustRun(t, dir, "sample", "--model", "stopped.checkpoint", "--n", "3", "--out", "x.npy")
			mustRun(t, dir, "train", "--data", "t.npz", "--resume", "stopped.checkpoint", "--out", "stopped")
			if !bytes.Equal(read(t, out), want) {
				t.Error("the resumed training reached other bits")
			}
		})
	}
}

func TestCtrlCKeepsTheFramesSoFar(t *testing.T) {
	dir := t.TempDir()
	c := command(t, dir, "simulate", "double-well", "--steps", "500000000", "--every", "1000", "--out", "t.npy")
	var stderr bytes.Buffer
	c.Stderr = &stderr
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	time.Sleep(500 * time.Millisecond)
	c.Process.Signal(os.Interrupt)
	c.Wait()
	if code := c.ProcessState.ExitCode(); code != 1 || !strings.HasPrefix(stderr.String(), "pushforward simulate: interrupted: ") {
		t.Fatalf("code %d, %q", code, stderr.String())
	}
	x, err := npy.ReadFile[float32](filepath.Join(dir, "t.npy"))
	if err != nil || len(x.Shape) != 3 || x.Shape[0] < 1 || x.Shape[0] >= 500000 {
		t.Errorf("shape %v, %v", x.Shape, err)
	}
}

func TestCheckFindsNoDifference(t *testing.T) {
	r := result(t, "", "check", "--for", "300ms")
	if r["kernels"].(float64) < 20 {
		t.Errorf("check printed %v", r)
	}
}
