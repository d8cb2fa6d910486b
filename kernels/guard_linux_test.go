package kernels_test

import (
	"fmt"
	"runtime/debug"
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"

	"pushforward/internal/isatest"
	"pushforward/internal/kernelcheck"
	"pushforward/kernels"
)

// fence is memory between two unmapped stretches of a page or more.
type fence []byte

const (
	fenceSize = 1 << 18
	pageSize  = 1 << 16 // arm64 kernels may have pages of 64 KiB
)

func newFence(t *testing.T) fence {
	t.Helper()
	m, err := unix.Mmap(-1, 0, fenceSize+2*pageSize, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_ANON|unix.MAP_PRIVATE)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { unix.Munmap(m) })
	for _, p := range [][]byte{m[:pageSize], m[pageSize+fenceSize:]} {
		if err := unix.Mprotect(p, unix.PROT_NONE); err != nil {
			t.Fatal(err)
		}
	}
	return m[pageSize : pageSize+fenceSize]
}

// Every array of a call, for every length up to a few vectors, starts right after
// an unmapped page and then ends right before one.
func TestNothingIsTouchedOutsideTheSlices(t *testing.T) {
	lengths := 131
	var fences []fence
	place := func(k, size int, atEnd bool) []byte {
		for len(fences) <= k {
			fences = append(fences, newFence(t))
		}
		if size > fenceSize {
			t.Fatalf("an array of %d bytes is too large for a fence", size)
		}
		if atEnd {
			return fences[k][fenceSize-size:]
		}
		return fences[k][:size]
	}
	isatest.Each(t, func(t *testing.T, isa kernels.ISA) {
		eachKernel(t, func(t *testing.T, k kernelcheck.Kernel) {
			for n := range lengths {
				for _, atEnd := range []bool{false, true} {
					in := kernelcheck.Seeded(uint64(1000 + n))
					in.N = n
					in.Place = func(array, size int) []byte { return place(array, size, atEnd) }
					if err := survives(k.Call(in)); err != nil {
						t.Fatalf("n = %d, arrays end at an unmapped page: %v: %v", n, atEnd, err)
					}
				}
			}
		})
	})
}

// survives runs a call and turns a fault into an error.
func survives(call func()) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%v", r)
		}
	}()
	call()
	return nil
}

func TestAFenceIsNoticed(t *testing.T) {
	f := newFence(t)
	for name, touch := range map[string]func(){
		"read before": func() { sink = *address(f, -1) },
		"read after":  func() { sink = *address(f, fenceSize) },
		"write after": func() { *address(f, fenceSize) = 1 },
	} {
		if survives(touch) == nil {
			t.Errorf("%s: no fault", name)
		}
	}
	if err := survives(func() { sink = *address(f, 0) + *address(f, fenceSize-1) }); err != nil {
		t.Errorf("reading inside: %v", err)
	}
}

var sink byte

func address(f fence, i int) *byte {
	return (*byte)(unsafe.Add(unsafe.Pointer(&f[0]), i))
}
