// Command transport solves transport problems for a script that compares
// programs: it reads one request a line from standard input, JSON, and answers
// each by a line with the time that the solution alone took.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"time"

	"pushforward/internal/npy"
	"pushforward/ot"
)

// request names the files of a problem and what is to be done with it.
type request struct {
	Do         string  `json:"do"` // solve, matrix, line, sliced or sinkhorn
	X          string  `json:"x"`
	Y          string  `json:"y"`
	Costs      string  `json:"costs"`
	Method     string  `json:"method"`
	Threads    int     `json:"threads"`
	Directions string  `json:"directions"`
	Epsilon    float64 `json:"epsilon"`
	Iterations int     `json:"iterations"`
}

type answer struct {
	Seconds float64 `json:"seconds"`
	Value   float64 `json:"value"` // transport cost: the square of W2 where the cost is squared
	Gap     float64 `json:"gap"`   // relative
	Method  string  `json:"method,omitempty"`
}

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
			fmt.Fprintln(os.Stderr, "transport:", err)
			os.Exit(1)
		}
	}
}

// arrays keeps what was read, by file.
var arrays = map[string]npy.Array[float64]{}

func read(path string) (npy.Array[float64], error) {
	a, ok := arrays[path]
	if ok {
		return a, nil
	}
	a, err := npy.ReadFile[float64](path)
	arrays[path] = a
	return a, err
}

func points(path string) (ot.Points, error) {
	a, err := read(path)
	if err != nil {
		return ot.Points{}, err
	}
	if len(a.Shape) == 1 {
		return ot.NewPoints(a.Data, 1), nil
	}
	return ot.NewPoints(a.Data, a.Shape[1]), nil
}

func (r *request) run() (answer, error) {
	if r.Do == "matrix" {
		return r.matrix()
	}
	x, err := points(r.X)
	if err != nil {
		return answer{}, err
	}
	y, err := points(r.Y)
	if err != nil {
		return answer{}, err
	}
	begin := time.Now()
	switch r.Do {
	case "solve":
		return r.exact(begin, func(o ...ot.Option) (*ot.Result, error) {
			return ot.Solve(x, y, nil, nil, ot.SquaredEuclidean, o...)
		})
	case "line":
		v, err := ot.LineW2Squared(x.X, y.X)
		return answer{Seconds: time.Since(begin).Seconds(), Value: v}, err
	case "sliced":
		d, err := points(r.Directions)
		if err != nil {
			return answer{}, err
		}
		begin = time.Now()
		s, err := ot.SlicedCost(x, y, nil, nil, 2, d)
		if err != nil {
			return answer{}, err
		}
		return answer{Seconds: time.Since(begin).Seconds(), Value: s.Mean}, nil
	case "sinkhorn":
		// The time of an iteration; what is done once shows in none of many.
		s, err := ot.Sinkhorn(x, y, nil, nil, ot.SquaredEuclidean, r.Epsilon, ot.WithThreads(r.Threads),
			ot.WithLimit(r.Iterations), ot.WithTolerance(1e-300), ot.WithWarmStart(make([]float64, x.Len()), make([]float64, y.Len())))
		if err != nil {
			return answer{}, err
		}
		return answer{Seconds: time.Since(begin).Seconds() / float64(s.Iterations), Value: s.Transport}, nil
	}
	return answer{}, fmt.Errorf("unknown request %q", r.Do)
}

func (r *request) matrix() (answer, error) {
	c, err := read(r.Costs)
	if err != nil {
		return answer{}, err
	}
	return r.exact(time.Now(), func(o ...ot.Option) (*ot.Result, error) {
		return ot.SolveMatrix(c.Data, c.Shape[0], c.Shape[1], nil, nil, o...)
	})
}

func (r *request) exact(begin time.Time, solve func(...ot.Option) (*ot.Result, error)) (answer, error) {
	method, err := ot.ParseMethod(r.Method)
	if err != nil {
		return answer{}, err
	}
	s, err := solve(ot.WithMethod(method), ot.WithThreads(r.Threads))
	if err != nil {
		return answer{}, err
	}
	return answer{time.Since(begin).Seconds(), s.Cost, s.RelativeGap(), s.Method}, nil
}
