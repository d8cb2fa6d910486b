package kernels

// constrainPanelRef moves atoms along their distances before the step. Each
// column goes its own way; it is done once a sweep corrects nothing.
func constrainPanelRef[T Float](x, before []T, ld int, t *ConstraintTable[T], tolerance T, limit int, sweeps []T) {
	correctRef(x, before, ld, t, limit, sweeps, func(x, before [3]T, squared T) (far T, violated bool) {
		lack := squared - dot(x, x)
		if !(T(tolerance*squared) < absOf(lack)) {
			return 0, false
		}
		return T(0.5*lack) / dot(x, before), true
	})
}

// constrainVelocitiesPanelRef takes from velocities what lies along distances.
func constrainVelocitiesPanelRef[T Float](v, x []T, ld int, t *ConstraintTable[T], tolerance T, limit int, sweeps []T) {
	correctRef(v, x, ld, t, limit, sweeps, func(v, x [3]T, squared T) (far T, violated bool) {
		rate := dot(v, x)
		if !(T(tolerance*squared) < absOf(rate)) {
			return 0, false
		}
		return -rate / dot(x, x), true
	})
}

// correctRef adds to the atoms of each violated constraint, in y, their shares
// of the difference in z times what the rule says.
func correctRef[T Float](y, z []T, ld int, t *ConstraintTable[T], limit int, sweeps []T, rule func(y, z [3]T, squared T) (far T, violated bool)) {
	for lane := range sweeps {
		for range limit {
			moved := false
			for k := range t.Len() {
				i, j := 3*t.Atoms[2*k]*ld+lane, 3*t.Atoms[2*k+1]*ld+lane
				var dy, dz [3]T
				for c := range 3 {
					dy[c], dz[c] = y[i+c*ld]-y[j+c*ld], z[i+c*ld]-z[j+c*ld]
				}
				far, violated := rule(dy, dz, t.Params[3*k])
				if !violated {
					continue
				}
				moved = true
				si, sj := T(far*t.Params[3*k+1]), T(far*t.Params[3*k+2])
				for c := range 3 {
					y[i+c*ld] = fma(si, dz[c], y[i+c*ld])
					y[j+c*ld] = fma(-sj, dz[c], y[j+c*ld])
				}
			}
			if !moved {
				break
			}
			sweeps[lane]++
		}
	}
}

func dot[T Float](a, b [3]T) T { return fma(a[2], b[2], fma(a[1], b[1], T(a[0]*b[0]))) }

func absOf[T Float](x T) T {
	if x < 0 {
		return -x
	}
	return x
}
