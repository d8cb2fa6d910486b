package flow_test

import (
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"

	"pushforward/flow"
	"pushforward/kernels"
)

// crescent returns n samples of a bent Gaussian, row-major [n][2].
func crescent(n int) []float32 {
	panel := make([]float32, 2*n)
	kernels.Normals(panel, n, 1, 0, 0, n, 2)
	x := make([]float32, 2*n)
	for i := range n {
		a, b := panel[i], panel[n+i]
		x[2*i], x[2*i+1] = a, 0.5*b+0.5*a*a
	}
	return x
}

// Train a flow on data, then draw samples and compute densities.
func Example() {
	f, err := flow.New[float32](flow.RealNVP(2, 4, flow.Split, 16), 1)
	if err != nil {
		fmt.Println(err)
		return
	}
	report, err := flow.Train(context.Background(), f, crescent(5000), flow.TrainConfig{
		Seed: 1, Steps: 400, Batch: 256,
		Optimizer: flow.AdamW{Rate: 5e-3},
		HoldOut:   flow.HoldOut{Share: 0.1},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("negative log-likelihood within 0.1 of the entropy: %t\n", math.Abs(report.Loss-2.1447) < 0.1)

	x := make([]float32, 2*1000)
	f.Sample(x, 42, 0) // the first 1,000 samples of seed 42

	logProb := make([]float64, 1000)
	f.LogProb(logProb, x)
	fmt.Println(len(x)/2, "samples, each with its log-density:", len(logProb))
	// Output:
	// negative log-likelihood within 0.1 of the entropy: true
	// 1000 samples, each with its log-density: 1000
}

// The paper's two flows.
func ExampleRealNVP() {
	fmt.Println(flow.RealNVP(2, 6, flow.Masked, 128).NumParameters())
	fmt.Println(flow.RealNVP(2, 6, flow.Split, 64).NumParameters())
	// Output:
	// 7704
	// 2316
}

// Any part of the sequence of samples can be drawn by itself.
func ExampleFlow_Sample() {
	f, _ := flow.New[float64](flow.RealNVP(2, 2, flow.Split, 4), 1)
	all, part := make([]float64, 2*1000), make([]float64, 2*10)
	f.Sample(all, 7, 0)
	f.Sample(part, 7, 500)
	fmt.Println(part[0] == all[2*500], part[19] == all[2*509+1])
	// Output: true true
}

// A model file holds the flow to the last bit.
func ExampleLoad() {
	dir, _ := os.MkdirTemp("", "flow")
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "model.safetensors")

	f, _ := flow.New[float32](flow.RealNVP(3, 4, flow.Split, 32, 32), 1)
	if err := f.Save(path); err != nil {
		fmt.Println(err)
		return
	}
	g, err := flow.Load[float32](path)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(g.Equal(f))
	// Output: true
}

// Training that writes checkpoints can be stopped at any moment and resumed to the same bits.
func ExampleResumeTrainer() {
	dir, _ := os.MkdirTemp("", "flow")
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "run.safetensors")
	data := crescent(1000)

	f, _ := flow.New[float32](flow.RealNVP(2, 2, flow.Split, 8), 1)
	trainer, err := flow.NewTrainer(f, data, flow.TrainConfig{Steps: 100, Batch: 100})
	if err != nil {
		fmt.Println(err)
		return
	}
	trainer.Checkpoint = flow.Checkpoint{Path: path, Every: 25}
	ctx, cancel := context.WithCancel(context.Background())
	cancel() // as Ctrl-C would
	_, err = trainer.Run(ctx)
	fmt.Println("first run:", err)

	trainer, err = flow.ResumeTrainer(path, data)
	if err != nil {
		fmt.Println(err)
		return
	}
	report, err := trainer.Run(context.Background())
	fmt.Println("second run:", report.Steps, "steps,", err)
	// Output:
	// first run: context canceled
	// second run: 100 steps, <nil>
}

// The importance weights against an energy say how good a flow is, and give the free energy.
func ExampleFlow_Importance() {
	f, _ := flow.New[float64](flow.RealNVP(2, 2, flow.Split, 4), 1) // the identity: a standard normal
	harmonic := flow.EnergyFunc(func(dst, x []float64) {
		for i := range dst {
			dst[i] = (x[2*i]*x[2*i] + x[2*i+1]*x[2*i+1]) / 2
		}
	})
	r := f.Importance(harmonic, 1000, 1, 0)
	fmt.Printf("ESS %.3f, log Z %.5f (exactly log 2π = %.5f)\n", r.ESS, r.LogZ, math.Log(2*math.Pi))
	// Output: ESS 1.000, log Z 1.83788 (exactly log 2π = 1.83788)
}

// A flow's density as a potential, for a simulation or a comparison with the
// energy that the flow was trained for. Configurations lie side by side:
// coordinate k of configuration i at x[k*n+i].
func ExampleNewPotential() {
	f, _ := flow.New[float64](flow.RealNVP(2, 2, flow.Split, 4), 1) // not trained: the identity
	p := flow.NewPotential(f, 2)                                    // at kT = 1/2

	const n = 3
	x := []float64{
		0, 1, -2, // first coordinates
		0, 0, 1, // second coordinates
	}
	u, g := make([]float64, n), make([]float64, 2*n)
	p.Energies(u, x, n, n)
	p.Gradients(g, n, x, n, n)
	fmt.Printf("energies above the first: %.3f %.3f\n", u[1]-u[0], u[2]-u[0])
	fmt.Printf("gradient at the third: (%.3f, %.3f)\n", g[2], g[n+2])
	// Output:
	// energies above the first: 0.250 1.250
	// gradient at the third: (-1.000, 0.500)
}
