package brenier

import (
	"fmt"
	"math"
)

// Axis is one side of a grid: Cells cells of equal length from Lo to Hi. On a
// Periodic axis Hi is the same place as Lo.
type Axis struct {
	Lo, Hi   float64
	Cells    int
	Periodic bool
}

// Step is the length of a cell.
func (a Axis) Step() float64 { return (a.Hi - a.Lo) / float64(a.Cells) }

// Center is the coordinate of the centre of cell i.
func (a Axis) Center(i int) float64 {
	return a.Lo + float64((a.Hi-a.Lo)*((float64(i)+0.5)/float64(a.Cells)))
}

// Grid is a rectangle cut into X.Cells × Y.Cells cells: a box, a torus when
// both axes are periodic, or a cylinder. Arrays on it are row-major with shape
// [X.Cells][Y.Cells]: the value of cell (i, j), centred at (X.Center(i),
// Y.Center(j)), is at i*Y.Cells + j.
type Grid struct{ X, Y Axis }

// Box is the grid of nx × ny cells on [0, lx] × [0, ly].
func Box(nx, ny int, lx, ly float64) Grid {
	return Grid{Axis{Hi: lx, Cells: nx}, Axis{Hi: ly, Cells: ny}}
}

// Torus is the grid of nx × ny cells on the torus with periods lx and ly.
func Torus(nx, ny int, lx, ly float64) Grid {
	return Grid{Axis{Hi: lx, Cells: nx, Periodic: true}, Axis{Hi: ly, Cells: ny, Periodic: true}}
}

// Len is the number of cells.
func (g Grid) Len() int { return g.X.Cells * g.Y.Cells }

const (
	minCells = 4       // stencils of three cells, and one to spare
	maxCells = 1 << 15 // along an axis
)

// cellArea is the area of a cell.
func (g Grid) cellArea() float64 { return float64(g.X.Step() * g.Y.Step()) }

func (g Grid) check() error {
	for _, a := range []struct {
		name string
		Axis
	}{{"X", g.X}, {"Y", g.Y}} {
		if a.Cells < minCells || a.Cells > maxCells {
			return fmt.Errorf("brenier: axis %s has %d cells, want %d to %d", a.name, a.Cells, minCells, maxCells)
		}
		length := a.Hi - a.Lo
		if !(length > 0x1p-300 && length < 0x1p300) || !(math.Abs(a.Lo) < 0x1p300) {
			return fmt.Errorf("brenier: axis %s goes from %v to %v, want finite Lo < Hi", a.name, a.Lo, a.Hi)
		}
	}
	return nil
}

// masses are the masses of the cells for density values known up to a factor;
// they sum to one. sum is the total of the values.
func (g Grid) masses(name string, rho []float64) (mass []float64, sum float64, err error) {
	if len(rho) != g.Len() {
		return nil, 0, fmt.Errorf("brenier: %s has %d values for %d × %d cells, want %d",
			name, len(rho), g.X.Cells, g.Y.Cells, g.Len())
	}
	var largest float64
	for k, v := range rho {
		if !(v >= 0) || math.IsInf(v, 0) {
			return nil, 0, fmt.Errorf("brenier: %s[%d][%d] is %v, want a finite number ≥ 0",
				name, k/g.Y.Cells, k%g.Y.Cells, v)
		}
		largest = max(largest, v)
	}
	if largest == 0 {
		return nil, 0, fmt.Errorf("brenier: %s is zero everywhere, want some mass", name)
	}
	// Scaled by a power of two, the sum neither overflows nor vanishes.
	_, e := math.Frexp(largest)
	mass = make([]float64, len(rho))
	for i := range g.X.Cells {
		var row float64
		for j := i * g.Y.Cells; j < (i+1)*g.Y.Cells; j++ {
			mass[j] = math.Ldexp(rho[j], -e)
			row += mass[j]
		}
		sum += row
	}
	for k := range mass {
		mass[k] /= sum
	}
	return mass, math.Ldexp(sum, e), nil
}

// problem checks a pair of densities and gives their masses, and the sum of mu.
func (g Grid) problem(mu, nu []float64) (m, n []float64, total float64, err error) {
	if err := g.check(); err != nil {
		return nil, nil, 0, err
	}
	m, sumMu, err := g.masses("mu", mu)
	if err != nil {
		return nil, nil, 0, err
	}
	n, sumNu, err := g.masses("nu", nu)
	if err != nil {
		return nil, nil, 0, err
	}
	if !(math.Abs(sumMu-sumNu) <= 1e-9*max(sumMu, sumNu)) {
		return nil, nil, 0, fmt.Errorf("brenier: mu sums to %v and nu to %v, want the same to 1e-9", sumMu, sumNu)
	}
	return m, n, sumMu, nil
}
