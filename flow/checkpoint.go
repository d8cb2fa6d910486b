package flow

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strconv"

	"pushforward/internal/littleendian"
	"pushforward/internal/safetensors"
	"pushforward/kernels"
)

// A training checkpoint is a model file (of the result so far, so Load reads it) that also holds the
// trainer: current parameters, AdamW's moments, the moving average, the best model, and in its
// metadata, as "training", the configuration, the counters and the data's digest. All random
// numbers are functions of seed and step, so there is no generator's state.

// trainingJSON is the metadata of a checkpoint.
type trainingJSON struct {
	Config  TrainConfig `json:"config"`
	Samples int         `json:"samples"`
	Data    string      `json:"data_sha256"`
	State   stateJSON   `json:"state"`
}

type stateJSON struct {
	Step     int    `json:"step"`
	BestStep int    `json:"best_step"`
	BestLoss number `json:"best_loss"`
	LastStep int    `json:"last_step"`
	LastLoss number `json:"last_loss"`
	Misses   int    `json:"misses"`
	Interval number `json:"interval_loss"`
	Ended    bool   `json:"ended"`
}

// number is a float64 that JSON keeps to the last bit, infinities included.
type number float64

// MarshalText writes the shortest decimal that reads back the same.
func (x number) MarshalText() ([]byte, error) {
	return strconv.AppendFloat(nil, float64(x), 'g', -1, 64), nil
}

// UnmarshalText reads what MarshalText writes.
func (x *number) UnmarshalText(text []byte) error {
	v, err := strconv.ParseFloat(string(text), 64)
	*x = number(v)
	return err
}

// Save writes a checkpoint, whole or not at all: whatever happens, path holds the checkpoint before
// or this one.
func (t *Trainer[T]) Save(path string) error {
	file, err := t.file()
	if err == nil {
		err = file.WriteFile(path)
	}
	if err != nil {
		return fmt.Errorf("flow: saving a checkpoint: %w", err)
	}
	return nil
}

func (t *Trainer[T]) file() (*safetensors.File, error) {
	file, err := t.result(t.broken).file()
	if err != nil {
		return nil, err
	}
	if t.digest == "" {
		t.digest = digest(t.data)
	}
	s := t.state
	training, err := json.Marshal(trainingJSON{
		Config: t.cfg, Samples: len(t.data) / t.target.Dim(), Data: t.digest,
		State: stateJSON{
			Step: s.step, BestStep: s.bestStep, BestLoss: number(s.bestLoss), LastStep: s.lastStep,
			LastLoss: number(s.lastLoss), Misses: s.misses, Interval: number(s.interval), Ended: s.ended,
		},
	})
	if err != nil {
		return nil, err
	}
	file.Metadata["training"] = string(training)
	for name, values := range t.arrays() {
		safetensors.Put(file, name, values, len(values))
	}
	return file, nil
}

// arrays lists the trainer's arrays, each of as many numbers as there are acting parameters, in the
// order of Flow.Parameters.
func (t *Trainer[T]) arrays() map[string][]T {
	all := map[string][]T{
		"training.parameters": t.current.params,
		"training.mean":       t.mean,
		"training.square":     t.square,
		"training.best":       t.best.params,
	}
	if t.average != nil {
		all["training.average"] = t.average.params
	}
	return all
}

// ResumeTrainer continues the training that wrote a checkpoint, on the same data, to the very bits
// that it would have reached without the interruption. Trainer.Flow is the flow that receives the
// result. Set Progress and Checkpoint anew.
func ResumeTrainer[T kernels.Float](path string, data []T) (*Trainer[T], error) {
	file, err := safetensors.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("flow: resuming a training: %w", err)
	}
	t, err := resume(file, path, data)
	if err != nil {
		return nil, fmt.Errorf("flow: resuming a training: %w", err)
	}
	return t, nil
}

func resume[T kernels.Float](file *safetensors.File, path string, data []T) (*Trainer[T], error) {
	text, ok := file.Metadata["training"]
	if !ok {
		return nil, fmt.Errorf("%s: metadata: training is missing: a model file, but no training checkpoint", path)
	}
	var saved trainingJSON
	if err := json.Unmarshal([]byte(text), &saved); err != nil {
		return nil, fmt.Errorf("%s: metadata: training: %w", path, err)
	}
	f, err := fromFile[T](file, path)
	if err != nil {
		return nil, err
	}
	if got := digest(data); got != saved.Data {
		return nil, fmt.Errorf("%s: metadata: data_sha256 is %.16s…, but that of the data given is %.16s…: the checkpoint belongs to other data", path, saved.Data, got)
	}
	t, err := newTrainer(f, data, saved.Config)
	if err != nil {
		return nil, err
	}
	s := saved.State
	if s.Step < 0 || s.Step > t.cfg.Steps || s.Misses < 0 {
		return nil, fmt.Errorf("%s: metadata: state: step %d, want 0 to %d", path, s.Step, t.cfg.Steps)
	}
	for name, values := range t.arrays() {
		stored, err := safetensors.GetShaped[T](file, name, len(values))
		if err != nil {
			return nil, err
		}
		copy(values, stored)
	}
	t.digest = saved.Data
	t.state = trainState{
		step: s.Step, bestStep: s.BestStep, bestLoss: float64(s.BestLoss), lastStep: s.LastStep,
		lastLoss: float64(s.LastLoss), misses: s.Misses, interval: float64(s.Interval), ended: s.Ended,
	}
	t.pow = powersAfter(s.Step, t.cfg.Optimizer)
	return t, nil
}

// digest is the SHA-256 of numbers as little-endian bytes.
func digest[T kernels.Float](x []T) string {
	h := sha256.New()
	size := littleendian.Size[T]()
	buf := make([]byte, 4096*size)
	for len(x) > 0 {
		n := min(len(x), 4096)
		littleendian.Encode(buf[:n*size], x[:n])
		h.Write(buf[:n*size])
		x = x[n:]
	}
	return hex.EncodeToString(h.Sum(nil))
}
