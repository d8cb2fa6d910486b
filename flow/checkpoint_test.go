package flow

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"pushforward/internal/safetensors"
	"pushforward/kernels"
)

func TestAModelFileKeepsTheFlowToTheLastBit(t *testing.T) {
	path := filepath.Join(t.TempDir(), "model.safetensors")
	for name, a := range architectures() {
		f := testFlow[float32](t, a, 51, 1)
		if err := f.Save(path); err != nil {
			t.Fatal(err)
		}
		g, err := Load[float32](path)
		if err != nil {
			t.Fatal(err)
		}
		if !f.Equal(g) {
			t.Errorf("%s: the flow that was loaded differs", name)
		}
		if bits, err := Precision(path); bits != 32 || err != nil {
			t.Errorf("%s: precision %d, %v", name, bits, err)
		}
		double, err := Load[float64](path)
		if err != nil || !Convert[float32](double).Equal(f) {
			t.Errorf("%s: loading as float64: %v", name, err)
		}
		if err := double.Save(path); err != nil {
			t.Fatal(err)
		}
		if g, err := Load[float32](path); err != nil || !g.Equal(f) {
			t.Errorf("%s: loading float64 as float32: %v", name, err)
		}
	}
}

func TestMaskedModelFilesHaveTheFullMatrices(t *testing.T) {
	path := filepath.Join(t.TempDir(), "model.safetensors")
	if err := testFlow[float32](t, RealNVP(2, 6, Masked, 128), 1, 1).Save(path); err != nil {
		t.Fatal(err)
	}
	file, err := safetensors.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	total := storedNumbers(file)
	if total != 7704 {
		t.Errorf("the file has %d parameters, want 7704", total)
	}
	if _, shape, _ := file.Describe("layers.5.shift.1.weight"); !slices.Equal(shape, []int{2, 128}) {
		t.Errorf("the last weight has shape %v, want [2 128]", shape)
	}
}

func TestDamagedModelFilesAreRefusedWithAReason(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "model.safetensors")
	a := RealNVP(3, 2, Masked, 4)
	f := testFlow[float64](t, a, 1, 1)
	for want, damage := range map[string]func(file *safetensors.File){
		"metadata: format is":                  func(file *safetensors.File) { delete(file.Metadata, "format") },
		"metadata: architecture":               func(file *safetensors.File) { file.Metadata["architecture"] = "{" },
		"dimension 1, want at least 2":         func(file *safetensors.File) { change(file, `"dim":3`, `"dim":1`) },
		"the mask of layer 0 has 3 features":   func(file *safetensors.File) { change(file, `"dim":3`, `"dim":4`) },
		"17181966348 parameters, want at most": func(file *safetensors.File) { change(file, `"hidden":[4]`, `"hidden":[65536,65536]`) },
		"the file has 124 parameters, want ":   func(file *safetensors.File) { change(file, `"hidden":[4]`, `"hidden":[20000,20000]`) },
		"activation":                           func(file *safetensors.File) { change(file, "relu", "gelu") },
		"layers.1.scale.0.weight: shape": func(file *safetensors.File) {
			safetensors.Put(file, "layers.1.scale.0.weight", make([]float64, 12), 3, 4)
		},
		"layers.0.shift.1.bias: element 1 is": func(file *safetensors.File) {
			b, shape, _ := safetensors.Get[float64](file, "layers.0.shift.1.bias")
			b[1] /= 0 * b[1]
			safetensors.Put(file, "layers.0.shift.1.bias", b, shape...)
		},
		"check.x: row 0": func(file *safetensors.File) { // scale and shift exchanged
			for k := range 2 {
				for _, part := range []string{"0.weight", "0.bias", "1.weight", "1.bias"} {
					s, t := fmt.Sprintf("layers.%d.scale.%s", k, part), fmt.Sprintf("layers.%d.shift.%s", k, part)
					x, shape, _ := safetensors.Get[float64](file, s)
					y, _, _ := safetensors.Get[float64](file, t)
					safetensors.Put(file, s, y, shape...)
					safetensors.Put(file, t, x, shape...)
				}
			}
		},
		"check.log_det: element 3": func(file *safetensors.File) {
			v, _, _ := safetensors.Get[float64](file, "check.log_det")
			v[3] += 1e-6
			safetensors.Put(file, "check.log_det", v, len(v))
		},
		"check.z": func(file *safetensors.File) { safetensors.Put(file, "check.z", make([]float64, 4), 2, 2) },
	} {
		file, err := f.file()
		if err != nil {
			t.Fatal(err)
		}
		damage(file)
		if err := file.WriteFile(path); err != nil {
			t.Fatal(err)
		}
		if _, err := Load[float64](path); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), path) {
			t.Errorf("want an error with %q and the path, got %v", want, err)
		}
	}
	if _, err := Load[float32](filepath.Join(dir, "none")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a missing file: %v", err)
	}
}

func change(file *safetensors.File, old, new string) {
	file.Metadata["architecture"] = strings.Replace(file.Metadata["architecture"], old, new, 1)
}

func TestAFlowThatIsNotFiniteIsNotSaved(t *testing.T) {
	f := testFlow[float32](t, RealNVP(2, 2, Split, 4), 1, 1)
	f.params[3] /= 0
	path := filepath.Join(t.TempDir(), "model.safetensors")
	if err := f.Save(path); err == nil || !strings.Contains(err.Error(), "layers.0.scale.0.weight") {
		t.Errorf("error %v, want one that names the array", err)
	}
	if _, err := os.Stat(path); err == nil {
		t.Error("a file was written")
	}
}

// runWith trains with the trainer, cancelling at the given step.
func runUntil[T kernels.Float](t *testing.T, trainer *Trainer[T], step int) {
	t.Helper()
	for trainer.state.step < step && !trainer.done() {
		if err := trainer.Step(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestAResumedTrainingReachesTheBitsOfAnUninterruptedOne(t *testing.T) {
	path := filepath.Join(t.TempDir(), "checkpoint.safetensors")
	noHoldOut := everything(60)
	noHoldOut.HoldOut, noHoldOut.Average = HoldOut{}, 0
	for name, c := range map[string]struct {
		arch Architecture
		cfg  TrainConfig
	}{
		"narrow":             {RealNVP(2, 4, Masked, 16), everything(60)},
		"wide":               {wideFlow(), everything(60)},
		"without a hold-out": {wideFlow(), noHoldOut},
	} {
		want := fit[float32](t, c.arch, c.cfg, 1)
		data := trainingData[float32](t, c.arch.Dim)
		f, _ := New[float32](c.arch, 4)
		trainer, err := NewTrainer(f, data, c.cfg)
		if err != nil {
			t.Fatal(err)
		}
		for _, stop := range []int{0, 1, 7, 10, 33, 59, 60} {
			runUntil(t, trainer, stop)
			if err := trainer.Save(path); err != nil {
				t.Fatal(err)
			}
			if trainer, err = ResumeTrainer(path, data); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := trainer.Run(context.Background()); err != nil {
			t.Fatal(err)
		}
		if !trainer.Flow().Equal(want) {
			t.Errorf("%s: the resumed training reached other parameters", name)
		}
		if loaded, err := Load[float32](path); err != nil || !loaded.Equal(want) {
			t.Errorf("%s: the last checkpoint is not the model: %v", name, err)
		}
	}
}

func TestResumingOnOtherDataOrFromAModelFileIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "checkpoint.safetensors")
	f, _ := New[float32](RealNVP(2, 2, Split, 4), 1)
	data := trainingData[float32](t, 2)
	trainer, err := NewTrainer(f, data, TrainConfig{Steps: 10})
	if err != nil {
		t.Fatal(err)
	}
	if err := trainer.Save(path); err != nil {
		t.Fatal(err)
	}
	other := slices.Clone(data)
	other[5]++
	if _, err := ResumeTrainer(path, other); err == nil || !strings.Contains(err.Error(), "other data") {
		t.Errorf("other data: %v", err)
	}
	if _, err := ResumeTrainer(path, make([]float64, 10)); err == nil {
		t.Error("another precision was accepted")
	}
	if err := f.Save(path); err != nil {
		t.Fatal(err)
	}
	if _, err := ResumeTrainer(path, data); err == nil || !strings.Contains(err.Error(), "no training checkpoint") {
		t.Errorf("a model file: %v", err)
	}
}

func TestCancellingWritesACheckpoint(t *testing.T) {
	path := filepath.Join(t.TempDir(), "checkpoint.safetensors")
	data := trainingData[float32](t, 2)
	f, _ := New[float32](RealNVP(2, 2, Split, 4), 1)
	trainer, err := NewTrainer(f, data, everything(50))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	trainer.Checkpoint.Path = path
	trainer.Progress = func(p Progress) {
		if p.Step == 20 {
			cancel()
		}
	}
	if _, err := trainer.Run(ctx); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	if trainer, err = ResumeTrainer(path, data); err != nil || trainer.state.step != 20 {
		t.Errorf("resuming: %v", err)
	}
}

// The child process trains with frequent checkpoints until it is killed.
const (
	childVariable = "PUSHFORWARD_FLOW_TEST_CHECKPOINT"
	childSteps    = 400
)

func childConfig() TrainConfig {
	cfg := everything(childSteps)
	cfg.Batch = 100
	cfg.HoldOut.Patience = 0
	return cfg
}

func TestMain(m *testing.M) {
	if path := os.Getenv(childVariable); path != "" {
		os.Exit(trainAsChild(path))
	}
	os.Exit(m.Run())
}

func trainAsChild(path string) int {
	data := make([]float32, 2*1000)
	doubleWellData(data)
	trainer, err := ResumeTrainer(path, data)
	if errors.Is(err, os.ErrNotExist) {
		var f *Flow[float32]
		if f, err = New[float32](RealNVP(2, 4, Split, 16), 4); err == nil {
			trainer, err = NewTrainer(f, data, childConfig())
		}
	}
	if err == nil {
		trainer.Checkpoint = Checkpoint{Path: path, Every: 1}
		_, err = trainer.Run(context.Background())
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

func doubleWellData(x []float32) { copy(x, toFloat32(doubleWellDensity().sample(len(x)/2, 8))) }

func TestATrainingThatIsKilledResumesToTheSameBits(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "checkpoint.safetensors")
	kills := 0
	for {
		child := exec.Command(self)
		child.Env = append(os.Environ(), childVariable+"="+path)
		var stderr strings.Builder
		child.Stderr = &stderr
		if err := child.Start(); errors.Is(err, syscall.ENOEXEC) {
			t.Skip("this system emulates the test's CPU and cannot start it a second time")
		} else if err != nil {
			t.Fatal(err)
		}
		ended := make(chan error, 1)
		go func() { ended <- child.Wait() }()
		if kills < 4 {
			before := time.Time{}
			if info, err := os.Stat(path); err == nil {
				before = info.ModTime()
			}
			for { // until it has written a checkpoint of its own
				if info, err := os.Stat(path); err == nil && info.ModTime().After(before) {
					break
				}
				time.Sleep(time.Millisecond)
			}
			time.Sleep(time.Duration(3+7*kills) * time.Millisecond)
			if err := child.Process.Kill(); err != nil {
				t.Logf("ended before it was killed: %v", err)
			}
		}
		if err = <-ended; err == nil {
			break
		}
		if kills++; kills > 20 || stderr.Len() > 0 {
			t.Fatalf("the child failed: %v: %s", err, &stderr)
		}
	}
	if kills == 0 {
		t.Error("the training was never killed")
	}
	data := make([]float32, 2*1000)
	doubleWellData(data)
	want, _ := New[float32](RealNVP(2, 4, Split, 16), 4)
	if _, err := Train(context.Background(), want, data, childConfig()); err != nil {
		t.Fatal(err)
	}
	got, err := Load[float32](path)
	if err != nil {
		t.Fatal(err)
	}
	if !got.Equal(want) {
		t.Errorf("after %d kills the parameters differ from those of an uninterrupted training", kills)
	}
	t.Logf("killed %d times", kills)
}
