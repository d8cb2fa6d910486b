package flow

import (
	"fmt"
	"strings"
)

// Mask says what a coupling layer does with each feature: true, the feature passes through
// unchanged and conditions the nets (x_a in the paper's section 4); false, it is scaled and
// shifted (x_b). Every layer needs at least one of each.
type Mask []bool

// AlternatingMasks returns the masks of so many layers over dim features in which layer k
// (counted from 0) conditions on the features i with i + k even: 1010…, 0101…, 1010…
func AlternatingMasks(dim, layers int) []Mask {
	masks := make([]Mask, layers)
	for k := range masks {
		masks[k] = make(Mask, dim)
		for i := range masks[k] {
			masks[k][i] = (i+k)%2 == 0
		}
	}
	return masks
}

// ParseMask reads a mask such as "1010", 1 for a conditioning feature.
func ParseMask(text string) (Mask, error) {
	mask := make(Mask, len(text))
	for i, c := range []byte(text) {
		switch c {
		case '1':
			mask[i] = true
		case '0':
		default:
			return nil, fmt.Errorf("flow: mask %.40q has %q at place %d, want only 0 and 1", text, c, i)
		}
	}
	return mask, nil
}

// String writes the mask as ParseMask reads it.
func (m Mask) String() string {
	var b strings.Builder
	for _, conditions := range m {
		if conditions {
			b.WriteByte('1')
		} else {
			b.WriteByte('0')
		}
	}
	return b.String()
}

// split returns the indices of the conditioning and of the transformed features, increasing.
func (m Mask) split() (conditioning, transformed []int) {
	for i, conditions := range m {
		if conditions {
			conditioning = append(conditioning, i)
		} else {
			transformed = append(transformed, i)
		}
	}
	return conditioning, transformed
}
