package brenier

import (
	"errors"
	"math"
	"testing"
)

// FuzzBackAndForth gives densities of any kind, empty cells and point masses
// included. Whatever becomes of the map, the potentials stay feasible, so W2² is
// a lower bound, and no mass is lost.
func FuzzBackAndForth(f *testing.F) {
	f.Add([]byte{4, 5, 0, 1, 2, 3, 4, 5, 6, 7})
	f.Add([]byte{9, 6, 3, 255, 0, 0, 0, 0, 0, 0, 1})
	f.Add([]byte{12, 12, 1})
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) < 3 {
			return
		}
		nx, ny := 4+int(data[0]%10), 4+int(data[1]%10)
		g := Grid{Axis{Hi: 1, Cells: nx, Periodic: data[2]&1 != 0}, Axis{Hi: 2, Cells: ny, Periodic: data[2]&2 != 0}}
		data = data[3:]
		next := func() float64 {
			if len(data) == 0 {
				return 1
			}
			b := data[0]
			data = data[1:]
			return float64(b%16) * math.Ldexp(1, -2*int(b/16)) // five decades, and 0
		}
		mu, nu := make([]float64, g.Len()), make([]float64, g.Len())
		for k := range mu {
			mu[k], nu[k] = next(), next()
		}
		a, b := sum(mu), sum(nu)
		if a == 0 || b == 0 {
			return
		}
		for k := range nu {
			nu[k] *= a / b
		}
		r, err := BackAndForth(g, mu, nu, WithIterations(10), WithThreads(1))
		if r == nil || err != nil && !errors.Is(err, ErrIterations) {
			t.Fatal(err)
		}
		apart := func(axis Axis, i, j int) float64 {
			d := math.Abs(axis.Center(i) - axis.Center(j))
			if axis.Periodic {
				d = min(d, axis.Hi-axis.Lo-d)
			}
			return d
		}
		for i := range mu {
			for j := range nu {
				u, v := apart(g.X, i/ny, j/ny), apart(g.Y, i%ny, j%ny)
				if c := u*u + v*v; !(r.F[i]+r.G[j] <= c+1e-12) {
					t.Fatalf("F[%d] + G[%d] = %v exceeds the cost %v", i, j, r.F[i]+r.G[j], c)
				}
			}
		}
		if got := sum(r.Interpolate(0.5)); !(math.Abs(got-a) <= 1e-12*a) {
			t.Errorf("half way the mass is %v, want %v", got, a)
		}
		if !(math.Abs(r.W2Squared) <= 5 && r.Residual >= 0 && r.Residual <= 1+1e-12) { // 5 = 1² + 2²
			t.Errorf("W2² %v, residual %v", r.W2Squared, r.Residual)
		}
	})
}
