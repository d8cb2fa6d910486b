// Command molecules computes energies, forces and dynamics for a script that
// compares programs: it reads one request a line from standard input, JSON, and
// answers each by a line with what it did in how much time, on one thread.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"time"

	"pushforward/internal/npy"
)

// request says what is to be computed; the first one of its kind names files too.
type request struct {
	Do         string  `json:"do"`         // dynamics, energies or cluster
	Type       string  `json:"type"`       // float32 or float64
	X          string  `json:"x"`          // .npy of positions, [configuration][atom][3] or [particle][3], in nm
	Parameters string  `json:"parameters"` // .npy of a cluster, [particle][3]: charge, σ, ε
	Replicas   int     `json:"replicas"`   // of dynamics
	Dt         float64 `json:"dt"`         // ps
	Seconds    float64 `json:"seconds"`    // how long to go on; 0: once
	Out        string  `json:"out"`        // .npz for energies and forces, if not empty
}

type answer struct {
	Seconds float64 `json:"seconds"`
	Units   float64 `json:"units"` // ns of dynamics, configurations, or pairs
}

// A task computes the same thing again and again.
type task interface {
	once() (units float64, err error)
	results() (energies, forces npy.Array[float64])
}

// tasks keeps what was set up, by kind and type.
var tasks = map[[2]string]task{}

func main() {
	in, out := bufio.NewScanner(os.Stdin), json.NewEncoder(os.Stdout)
	for in.Scan() {
		var r request
		err := json.Unmarshal(in.Bytes(), &r)
		var a answer
		if err == nil {
			a, err = r.run()
		}
		if err == nil {
			err = out.Encode(a)
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, "molecules:", err)
			os.Exit(1)
		}
	}
}

func (r *request) run() (answer, error) {
	t, err := r.task()
	if err != nil {
		return answer{}, err
	}
	var a answer
	for begin := time.Now(); ; {
		units, err := t.once()
		if err != nil {
			return answer{}, err
		}
		a.Units += units
		if a.Seconds = time.Since(begin).Seconds(); a.Seconds >= r.Seconds {
			break
		}
	}
	if r.Out == "" {
		return a, nil
	}
	energies, forces := t.results()
	return a, npy.WriteArchive(r.Out, func(w *npy.ArchiveWriter) error {
		if err := npy.AddTo(w, "energies", energies); err != nil {
			return err
		}
		return npy.AddTo(w, "forces", forces)
	})
}

// task returns the one that was set up before, or sets it up.
func (r *request) task() (task, error) {
	key := [2]string{r.Do, r.Type}
	if t := tasks[key]; t != nil {
		return t, nil
	}
	var t task
	var err error
	switch r.Type {
	case "float32":
		t, err = newTask[float32](r)
	case "float64":
		t, err = newTask[float64](r)
	default:
		err = fmt.Errorf("unknown type %q", r.Type)
	}
	if err == nil {
		tasks[key] = t
	}
	return t, err
}
