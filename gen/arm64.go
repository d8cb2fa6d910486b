package main

import (
	"fmt"

	"pushforward/gen/neon"
	"pushforward/gen/vm"
)

// arm64Files adds the NEON assembly of the kernels ks and its Go side.
func arm64Files(files map[string][]byte, stem string, ks []Kernel) error {
	var functions []neon.Function
	for _, k := range ks {
		for _, e := range k.elems() {
			p, err := k.compile(e, neon.Machine)
			if err != nil {
				return err
			}
			functions = append(functions, neon.Function{Program: p, Name: p.Name, Signature: k.signature(e)})
		}
	}
	src, err := neon.Assemble(functions)
	if err != nil {
		return fmt.Errorf("%s: %w", stem, err)
	}
	files[stem+"_arm64.s"] = src
	files[stem+"_arm64.go"] = dispatch("!purego", ks, []*vm.Machine{neon.Machine})
	return nil
}
