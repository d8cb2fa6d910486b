package flow

import (
	"bytes"
	"strings"
	"testing"

	"pushforward/internal/safetensors"
)

// FuzzModelFile reads damaged model files and checkpoints: each is refused with an error, or gives
// a flow that works.
func FuzzModelFile(f *testing.F) {
	data := trainingData[float32](f, 2)[:40]
	for _, layout := range []Layout{Masked, Split} {
		a := RealNVP(2, 2, layout, 2)
		a.Bound.Learnt = layout == Split
		flow := testFlow[float32](f, a, 1, 1)
		trainer, err := NewTrainer(flow, data, everything(4))
		if err != nil {
			f.Fatal(err)
		}
		model, err := flow.file()
		if err != nil {
			f.Fatal(err)
		}
		checkpoint, err := trainer.file()
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range []*safetensors.File{model, checkpoint} {
			var b bytes.Buffer
			if err := file.Write(&b); err != nil {
				f.Fatal(err)
			}
			f.Add(b.Bytes())
		}
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		file, err := safetensors.Read(bytes.NewReader(content), int64(len(content)))
		if err != nil {
			return
		}
		flow, err := fromFile[float32](file, "the file")
		if err != nil {
			if !strings.HasPrefix(err.Error(), "the file: ") && !strings.Contains(err.Error(), ": ") {
				t.Errorf("the error does not say where: %v", err)
			}
			return
		}
		x, logDet := make([]float32, 3*flow.Dim()), make([]float64, 3)
		flow.Sample(x, 1, 0)
		flow.Inverse(x, logDet, x)
		if trainer, err := resume(file, "the file", data); err == nil && !trainer.done() {
			_ = trainer.Step() // may find a loss that is not finite
		}
	})
}
