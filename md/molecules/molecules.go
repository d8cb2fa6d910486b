// Package molecules holds the molecules that come with the program, with all
// parameters, so that they need no file.
package molecules

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"strings"

	"pushforward/md"
	"pushforward/md/molfile"
)

//go:embed alanine-dipeptide.json
var alanineDipeptide []byte

// AlanineDipeptide returns N-acetyl-alanine-N'-methylamide in AMBER99SB-ILDN with
// the implicit solvent OBC2, as OpenMM 7.7's amber99sbildn.xml and amber99_obc.xml
// define them, without constraints; and the positions of its lowest minimum,
// row-major [22][3] in nm: -134.333084502 kJ/mol at (φ, ψ) = (-77.5°, -14.7°).
func AlanineDipeptide() (*md.System, []float64) { return decode(alanineDipeptide) }

// Both files are AlanineDipeptideImplicit of openmmtools (Chodera lab), under the
// MIT licence in LICENSE.openmmtools.
var (
	//go:embed alanine-dipeptide-ff96.prmtop
	alanineDipeptideFF96 string
	//go:embed alanine-dipeptide-ff96.crd
	alanineDipeptideFF96Coordinates string
)

// AlanineDipeptideFF96 returns the alanine dipeptide that papers on Boltzmann
// generators use, AlanineDipeptideImplicit of openmmtools: AMBER ff96 with the
// implicit solvent OBC1 at the dielectric constant 78.5 and OpenMM's surface
// energy, without constraints; and the positions that come with it, row-major
// [22][3] in nm. Atoms are in the order of [AlanineDipeptide].
func AlanineDipeptideFF96() (*md.System, []float64) {
	system, err := molfile.DecodePrmtop(strings.NewReader(alanineDipeptideFF96), "alanine-dipeptide-ff96.prmtop", molfile.OBC1)
	if err != nil {
		panic(fmt.Sprintf("molecules: %v", err))
	}
	coordinates, err := molfile.DecodeInpcrd(strings.NewReader(alanineDipeptideFF96Coordinates), "alanine-dipeptide-ff96.crd")
	if err != nil {
		panic(fmt.Sprintf("molecules: %v", err))
	}
	system.Name = "alanine-dipeptide-ff96"
	return system, coordinates.Positions
}

// decode reads a system that the program carries.
func decode(data []byte) (*md.System, []float64) {
	var file struct {
		md.System
		Positions [][3]float64
	}
	if err := json.Unmarshal(data, &file); err != nil {
		panic(fmt.Sprintf("molecules: %v", err))
	}
	positions := make([]float64, 0, 3*len(file.Positions))
	for _, p := range file.Positions {
		positions = append(positions, p[:]...)
	}
	return &file.System, positions
}
