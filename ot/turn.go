package ot

// turns walks over columns up and down in turn until all are seen since the
// last success. In chains, where each pivot makes the next one possible, one
// direction alone took ten times longer.
type turns struct {
	at, n, step int
	left        int // columns to go until all are seen
}

func newTurns(n int) *turns { return &turns{n: n, step: 1, left: n} }

// next goes on by up to count columns and returns where they begin and how many
// there are; 0: all are seen.
func (t *turns) next(count int) (from, size int) {
	if t.left <= 0 {
		return 0, 0
	}
	if t.step > 0 {
		from, size = t.at, min(count, t.n-t.at)
		if t.at += size; t.at == t.n {
			t.step = -1
		}
	} else {
		size = min(count, t.at)
		t.at -= size
		if from = t.at; t.at == 0 {
			t.step = 1
		}
	}
	t.left -= size
	return from, size
}

// again starts the count anew: to the end ahead, and back over all.
func (t *turns) again() {
	if t.step > 0 {
		t.left = t.n - t.at + t.n
	} else {
		t.left = t.at + t.n
	}
}
