package main

import (
	"bytes"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pushforward/internal/npy"
	"pushforward/md/molfile"
)

// amberFiles copies the topology and coordinates of alanine dipeptide to a folder.
func amberFiles(t *testing.T) (dir string) {
	t.Helper()
	dir = t.TempDir()
	for _, name := range []string{"ala2.prmtop", "ala2.inpcrd", "ala2.pdb"} {
		if err := os.WriteFile(filepath.Join(dir, name), read(t, "../../md/molfile/testdata", name), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func totalEnergy(t *testing.T, r map[string]any) float64 {
	t.Helper()
	terms := r["terms"].([]any)
	last := terms[len(terms)-1].(map[string]any)
	if len(terms) != 11 || last["term"] != "total" {
		t.Fatalf("%d terms, the last is %v", len(terms), last["term"])
	}
	return last["energy"].(float64)
}

func TestEnergiesOfBuiltInMoleculesAndOfFiles(t *testing.T) {
	dir := amberFiles(t)
	builtIn := totalEnergy(t, result(t, dir, "energy", "alanine-dipeptide"))
	if math.Abs(builtIn+134.333084502) > 1e-8 {
		t.Errorf("energy %v, want -134.333084502", builtIn)
	}
	// The file's path has another dielectric constant, 78.5 in the place of 78.3.
	file := totalEnergy(t, result(t, dir, "energy", "ala2.prmtop", "--coordinates", "ala2.inpcrd", "--solvent", "obc2"))
	if math.Abs(file-builtIn) > 3e-3 {
		t.Errorf("energy %v from files, %v built in", file, builtIn)
	}
	vacuum := totalEnergy(t, result(t, dir, "energy", "ala2.prmtop", "--coordinates", "ala2.pdb"))
	if math.Abs(vacuum+75.4838) > 0.05 { // PDB files have three digits in Å
		t.Errorf("energy %v in vacuum, want about -75.48", vacuum)
	}
}

func TestAMoleculeOfFilesIsMinimizedSimulatedAndWritten(t *testing.T) {
	dir := amberFiles(t)
	code, _, stderr := run(t, command(t, dir, "simulate", "ala2.prmtop", "--coordinates", "ala2.pdb", "--solvent", "obc2",
		"--minimize", "1", "--precision", "float64", "--replicas", "2", "--length", "0.2", "--interval", "0.1",
		"--observables", "phi,psi,temperature", "--out", "traj.dcd", "--colvar", "COLVAR"))
	if code != 0 || !strings.Contains(stderr, "minimized in") || !strings.Contains(stderr, "-134.33") {
		t.Fatalf("code %d, %s", code, stderr)
	}
	for r := range 2 {
		d, err := molfile.ReadDCD(filepath.Join(dir, molfile.ReplicaPath("traj.dcd", r, 2)))
		if err != nil || d.Frames() != 2 || d.Atoms != 22 {
			t.Fatalf("%v, %+v", err, d)
		}
		c, err := molfile.ReadColvar(filepath.Join(dir, molfile.ReplicaPath("COLVAR", r, 2)))
		if err != nil || c.Rows() != 2 || math.Abs(c.Column("time")[1]-0.2) > 1e-9 || math.Abs(c.Column("phi")[1]) > math.Pi {
			t.Fatalf("%v, %+v", err, c)
		}
	}
}

func TestASimulationGoesOnFromItsCheckpoint(t *testing.T) {
	dir := t.TempDir()
	simulate := func(more ...string) {
		mustRun(t, dir, append([]string{"simulate", "alanine-dipeptide", "--replicas", "3", "--interval", "0.1", "--seed", "4"}, more...)...)
	}
	simulate("--length", "0.4", "--out", "whole.npz")
	simulate("--length", "0.2", "--out", "first.npz", "--checkpoint", "state.npz")
	simulate("--length", "0.2", "--out", "second.npz", "--resume", "state.npz")
	positions := func(name string) npy.Array[float32] {
		archive, err := npy.OpenArchive(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		defer archive.Close()
		x, err := npy.ReadFrom[float32](archive, "positions")
		if err != nil {
			t.Fatal(err)
		}
		return x
	}
	whole, first, second := positions("whole.npz"), positions("first.npz"), positions("second.npz")
	joined := append(first.Data, second.Data...)
	if len(whole.Data) != 4*3*66 || len(joined) != len(whole.Data) {
		t.Fatalf("shapes %v, %v and %v", whole.Shape, first.Shape, second.Shape)
	}
	for i, v := range whole.Data {
		if v != joined[i] {
			t.Fatalf("number %d is %v after a restart, %v without", i, joined[i], v)
		}
	}
}

func TestEnergiesOfATrajectory(t *testing.T) {
	dir := t.TempDir()
	mustRun(t, dir, "simulate", "alanine-dipeptide", "--replicas", "5", "--length", "0.2", "--interval", "0.1", "--out", "t.npz")
	if n := result(t, dir, "energy", "alanine-dipeptide", "--in", "t.npz", "--out", "e.npz")["n"]; n != 10.0 {
		t.Errorf("%v configurations, want 10", n)
	}
	archive, err := npy.OpenArchive(filepath.Join(dir, "e.npz"))
	if err != nil {
		t.Fatal(err)
	}
	defer archive.Close()
	total, err := npy.ReadFrom[float64](archive, "energy")
	if err != nil {
		t.Fatal(err)
	}
	sum := make([]float64, 10)
	for _, name := range archive.Names() {
		if !strings.HasPrefix(name, "energy_") {
			continue
		}
		term, err := npy.ReadFrom[float64](archive, name)
		if err != nil {
			t.Fatal(err)
		}
		for i, v := range term.Data {
			sum[i] += v
		}
	}
	for i, v := range sum {
		if math.Abs(v-total.Data[i]) > 1e-9 {
			t.Errorf("terms of configuration %d add up to %v, the energy is %v", i, v, total.Data[i])
		}
	}
	if !bytes.Contains(read(t, dir, "e.npz"), []byte("forces")) {
		t.Error("there are no forces")
	}
}
