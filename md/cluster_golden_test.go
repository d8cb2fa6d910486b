package md

import (
	"context"
	"testing"

	"pushforward/internal/isatest"
	"pushforward/kernels"
)

// goldenCluster is the digest of the forces on 500 particles, and of where they are
// after some steps.
func goldenCluster[T kernels.Float](t *testing.T, o ClusterOptions) (forces, positions string) {
	const n = 500
	draw := make([]float64, 6*n)
	kernels.Uniforms(draw, n, 1, 2, 3, n, 6)
	var parameters [3][]float64
	for k := range parameters {
		parameters[k] = draw[(3+k)*n:][:n]
		for i := range n {
			parameters[k][i] *= [3]float64{0.5, 0.3, 2}[k]
			if k == 0 && i%2 == 0 {
				parameters[k][i] *= -1
			}
		}
	}
	c, err := NewCluster[T](parameters[0], parameters[1], parameters[2], o)
	if err != nil {
		t.Fatal(err)
	}
	x, f := make([]T, 3*n), make([]T, 3*n)
	for i := range n {
		for k, at := range [3]int{i % 8, i / 8 % 8, i / 64} {
			x[3*i+k] = T(0.3125 * (float64(at) + draw[k*n+i]/4))
		}
	}
	lj, coulomb := c.Forces(f, x)
	s, err := NewSimulation(c, x, Options{Dt: 0.001, Beta: InverseTemperature(300), Scheme: LangevinMiddle, Friction: 1, Masses: constant(40, n), Seed: 4})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Run(context.Background(), 30, nil); err != nil {
		t.Fatal(err)
	}
	return digest(append(f, T(lj), T(coulomb))), digest(s.Positions(nil))
}

func constant(v float64, n int) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = v
	}
	return x
}

func TestClustersHaveTheBitsOfEveryOtherMachine(t *testing.T) {
	all, within := ClusterOptions{}, ClusterOptions{Cutoff: 0.75, Skin: 0.125, Threads: 2}
	isatest.Each(t, func(t *testing.T, _ kernels.ISA) {
		var got [4][2]string
		got[0][0], got[0][1] = goldenCluster[float32](t, all)
		got[1][0], got[1][1] = goldenCluster[float64](t, all)
		got[2][0], got[2][1] = goldenCluster[float32](t, within)
		got[3][0], got[3][1] = goldenCluster[float64](t, within)
		want := [4][2]string{
			{"9429d89a8dae56a9", "487a7a32952fae43"}, {"445e6f4b21f75e29", "53c25c0f0c89c3b2"},
			{"2a969d074c8fdaf8", "41f2bd2a591b13b6"}, {"0a1b72f00f357d0c", "a3bcfcabdbcc6670"},
		}
		if got != want {
			t.Errorf("forces and positions, all in float32 and float64, within a cutoff:\n%q, want\n%q", got, want)
		}
	})
}
