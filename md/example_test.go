package md_test

import (
	"context"
	"fmt"
	"log"

	"pushforward/md"
)

// Five hundred replicas of the double well, and how often they change wells.
func ExampleSimulation() {
	law, err := md.NewDoubleWellLaw(1)
	if err != nil {
		log.Fatal(err)
	}
	start := make([]float32, 2*500) // row-major [500][2], drawn from the exact law
	md.Draw(law, start, 1, 0)

	sim, err := md.NewSimulation(md.DoubleWell[float32]{}, start, md.Options{Dt: 0.05, Beta: 1, Seed: 1})
	if err != nil {
		log.Fatal(err)
	}
	record := &md.Record[float32]{Every: 100, Transitions: md.NewTransitions(500, 0, 0.5)}
	if err := sim.Run(context.Background(), 600, record); err != nil {
		log.Fatal(err)
	}
	var changes int
	for _, n := range record.Transitions.SignChanges {
		changes += n
	}
	fmt.Println("frames:", len(record.Frames)/(2*500))
	fmt.Printf("sign changes in 600 steps: about %.0f\n", float64(changes)/500)
	// Output:
	// frames: 6
	// sign changes in 600 steps: about 40
}

// The exact law of the double well, for comparison.
func ExampleDoubleWellLaw() {
	law, err := md.NewDoubleWellLaw(1)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("log Z = %.5f\n", law.LogZ())
	fmt.Printf("E[x1²] = %.9f\n", law.Moment(2, 0))
	fmt.Printf("entropy = %.5f nats\n", law.Entropy())
	fmt.Printf("median of |x1| = %.4f\n", law.Quantile(0, 0.75))
	// Output:
	// log Z = 2.03123
	// E[x1²] = 1.041797296
	// entropy = 2.77078 nats
	// median of |x1| = 0.8813
}

// spring is a potential of one coordinate, U = x²/2.
type spring struct{}

func (spring) Dim() int { return 1 }

func (spring) Energies(u, x []float64, ld, n int) {
	for i := range n {
		u[i] = x[i] * x[i] / 2
	}
}

func (spring) Gradients(g []float64, ldg int, x []float64, ld, n int) {
	copy(g[:n], x[:n])
}

// Any type with three methods is a potential.
func ExamplePotential() {
	o := md.Options{Dt: 0.5, Beta: 1, Scheme: md.LeimkuhlerMatthews, Seed: 1}
	sim, err := md.NewSimulation(spring{}, make([]float64, 10_000), o)
	if err != nil {
		log.Fatal(err)
	}
	if err := sim.Run(context.Background(), 50, nil); err != nil {
		log.Fatal(err)
	}
	var variance float64
	for _, x := range sim.Positions(nil) {
		variance += x * x / 10_000
	}
	fmt.Printf("%.1f\n", variance)
	// Output: 1.0
}
