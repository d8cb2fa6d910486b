package ot

// strategy is how the simplex goes about a problem.
type strategy struct {
	scanning bool // whole columns are priced, without lists
	ladder   bool // coarse to fine
	boxes    bool // costs on the fly, searched by bounding boxes
	table    bool // all costs in memory
}

const (
	// boxDim is the highest dimension in which bounding boxes leave much out:
	// 1,000² points took 44 against 38 ms with boxes and with all costs in memory
	// at d = 3, 68 against 45 at d = 4, 180 against 45 at d = 7.
	boxDim = 3
	// planeRows and spaceRows are up to how many rows scanning them all beats
	// boxes at d = 2 and 3: 1,000² points of the plane took 13 against 15 ms,
	// 3,000² points of space 150 against 220.
	planeRows, spaceRows = 2000, 4000
	// tableBudget is how many costs are kept in memory at most: half a gigabyte.
	tableBudget = 1 << 26
	// smallSide is the size of the smaller side up to which pricing whole columns
	// beats lists, with costs on the fly and in memory.
	smallSide, smallTable = 300, 1500
)

// strategy chooses by sizes and dimension; the method settles the pricing.
func (f *frame) strategy(method Method, rows, cols int) strategy {
	s := strategy{scanning: method == SmallSide}
	if f.given != nil {
		s.table = true
		return s
	}
	s.ladder = f.met.dim <= boxDim
	s.boxes = s.ladder && !s.scanning
	s.table = !s.ladder && rows*cols <= tableBudget
	return s
}

// quickest is the method that a problem of this size is solved fastest by.
func (f *frame) quickest() Method {
	if f.balanced() && f.auctionPays() {
		return Auction
	}
	return f.simplex()
}

// simplex is the method of the simplex that is the fastest.
func (f *frame) simplex() Method {
	rows, limit := min(len(f.usedX), len(f.usedY)), smallSide
	if f.given != nil || f.met.dim > boxDim && len(f.usedX)*len(f.usedY) <= tableBudget {
		limit = smallTable
	}
	if rows <= limit {
		return SmallSide
	}
	return ColumnGeneration
}

// pairs makes the costs between two clouds ready for the simplex.
func (s strategy) pairs(met *metric, row, col []float64) pairs {
	if s.boxes && !met.wholePays(len(row)/met.dim) {
		return newClouds(met, row, col)
	}
	p := newRowPanel(met, row, col)
	if s.table {
		return p.inMemory()
	}
	return p
}

// wholePays says whether kernels look through so many points faster than boxes
// leave them out.
func (met *metric) wholePays(n int) bool {
	if met.kind != squaredEuclidean {
		return false
	}
	return met.dim == 2 && n <= planeRows || met.dim == 3 && n <= spaceRows
}
