package ot

import "math"

// Jacobi's methods for small dense matrices, row-major [d][d]: simple, accurate
// to the last digits, and in an order of operations that is fixed, so the bits
// are the same on every machine.

// maxSweeps is more than rotations ever need: they converge quadratically.
const maxSweeps = 60

// symmetricEigen finds the eigenvalues of a symmetric matrix, and its
// eigenvectors as the rows of v (Jacobi 1846; Golub and Van Loan, section 8.5).
func symmetricEigen(s []float64, d int) (values, v []float64) {
	a := append([]float64(nil), s...)
	v = identity(d)
	for range maxSweeps {
		rotated := false
		for p := range d {
			for q := p + 1; q < d; q++ {
				apq := a[p*d+q]
				// Nothing is left where the element changes neither eigenvalue.
				if math.Abs(apq) <= epsilon*math.Sqrt(math.Abs(a[p*d+p]))*math.Sqrt(math.Abs(a[q*d+q])) {
					continue
				}
				rotated = true
				c, t := rotation(a[p*d+p], a[q*d+q], apq)
				for k := range d { // columns, then rows
					a[k*d+p], a[k*d+q] = rotate(a[k*d+p], a[k*d+q], c, t)
				}
				rotateRows(a[p*d:][:d], a[q*d:][:d], c, t)
				rotateRows(v[p*d:][:d], v[q*d:][:d], c, t)
				a[p*d+q], a[q*d+p] = 0, 0
			}
		}
		if !rotated {
			break
		}
	}
	values = make([]float64, d)
	for k := range d {
		values[k] = a[k*d+k]
	}
	return values, v
}

// singularValues finds m = Σ_k σ_k u_k v_kᵀ, with the u_k and v_k as rows of u and
// v, orthonormal also where σ_k is 0: one-sided Jacobi rotations make the
// columns of m orthogonal (Hestenes 1958).
func singularValues(m []float64, d int) (sigma, u, v []float64) {
	u, v = make([]float64, d*d), identity(d)
	for i := range d {
		for j := range d {
			u[j*d+i] = m[i*d+j]
		}
	}
	for range maxSweeps {
		rotated := false
		for p := range d {
			for q := p + 1; q < d; q++ {
				x, y := u[p*d:][:d], u[q*d:][:d]
				xx, yy, xy := dot(x, x), dot(y, y), dot(x, y)
				if math.Abs(xy) <= epsilon*math.Sqrt(xx)*math.Sqrt(yy) {
					continue
				}
				rotated = true
				c, t := rotation(xx, yy, xy)
				rotateRows(x, y, c, t)
				rotateRows(v[p*d:][:d], v[q*d:][:d], c, t)
			}
		}
		if !rotated {
			break
		}
	}
	sigma = make([]float64, d)
	largest := 0.0
	for k := range d {
		sigma[k] = math.Sqrt(dot(u[k*d:][:d], u[k*d:][:d]))
		largest = max(largest, sigma[k])
	}
	for k, s := range sigma {
		if s > float64(float64(d)*epsilon)*largest {
			for i := range d {
				u[k*d+i] /= s
			}
		} else {
			clear(u[k*d:][:d])
		}
	}
	complete(u, d)
	return sigma, u, v
}

// complete replaces rows of zeros so that all rows are orthonormal.
func complete(u []float64, d int) {
	for k := range d {
		row := u[k*d:][:d]
		if dot(row, row) > 0 {
			continue
		}
		best, at := -1.0, 0 // the axis that the other rows leave most of
		for i := range d {
			left := 1.0
			for j := range d {
				left -= float64(u[j*d+i] * u[j*d+i])
			}
			if left > best {
				best, at = left, i
			}
		}
		row[at] = 1
		for range 2 { // twice is enough (Kahan)
			for j := range d {
				if j == k {
					continue
				}
				other := u[j*d:][:d]
				c := dot(row, other)
				for i := range row {
					row[i] -= float64(c * other[i])
				}
			}
		}
		length := math.Sqrt(dot(row, row))
		for i := range row {
			row[i] /= length
		}
	}
}

// rotation is the one that takes the symmetric matrix (pp pq; pq qq) to a
// diagonal one: its cosine, and its tangent.
func rotation(pp, qq, pq float64) (c, t float64) {
	theta := (qq - pp) / (2 * pq)
	t = 1 / (math.Abs(theta) + math.Sqrt(float64(theta*theta)+1))
	if theta < 0 {
		t = -t
	}
	return 1 / math.Sqrt(float64(t*t)+1), t
}

func rotate(x, y, c, t float64) (float64, float64) {
	return float64(c * (x - float64(t*y))), float64(c * (y + float64(t*x)))
}

func rotateRows(x, y []float64, c, t float64) {
	for k, v := range x {
		x[k], y[k] = rotate(v, y[k], c, t)
	}
}

func dot(x, y []float64) float64 {
	var s float64
	for k, v := range x {
		s += float64(v * y[k])
	}
	return s
}

func identity(d int) []float64 {
	m := make([]float64, d*d)
	for k := range d {
		m[k*d+k] = 1
	}
	return m
}

// product is the product of two matrices.
func product(a, b []float64, d int) []float64 {
	p := make([]float64, d*d)
	for i := range d {
		for k := range d {
			x := a[i*d+k]
			for j, v := range b[k*d:][:d] {
				p[i*d+j] += float64(x * v)
			}
		}
	}
	return p
}

// spectral is Σ_k f(k) v_k v_kᵀ for the rows of v.
func spectral(v []float64, d int, f func(k int) float64) []float64 {
	m := make([]float64, d*d)
	for k := range d {
		s, row := f(k), v[k*d:][:d]
		for i, x := range row {
			w := float64(s * x)
			for j, y := range row[:i+1] {
				m[i*d+j] += float64(w * y)
			}
		}
	}
	for i := range d {
		for j := range i {
			m[j*d+i] = m[i*d+j]
		}
	}
	return m
}
