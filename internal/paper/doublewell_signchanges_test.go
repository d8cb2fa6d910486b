package paper

import (
	"context"
	"math"
	"testing"

	"pushforward/md"
)

func TestTheLawOfSignChangesIsThatOfASimulation(t *testing.T) {
	law, err := md.NewDoubleWellLaw(beta)
	if err != nil {
		t.Fatal(err)
	}
	const runs = 20000
	for _, c := range []struct {
		dt        float64
		positions int
	}{{printedDt, 2}, {printedDt, timesteps}, {0.1, 50}} {
		x := make([]float32, 2*runs)
		md.Draw(law, x, 1, 0)
		s, err := md.NewSimulation(md.DoubleWell[float32]{}, x, md.Options{Dt: c.dt, Beta: beta, Scheme: md.EulerMaruyama, Seed: 2})
		if err != nil {
			t.Fatal(err)
		}
		rec := &md.Record[float32]{Transitions: md.NewTransitions(runs, 0, core)}
		if err := s.Run(context.Background(), c.positions-1, rec); err != nil {
			t.Fatal(err)
		}
		mean, sd := signChangeLaw(law, c.dt, c.positions)
		gotMean, gotSD := meanAndSD(rec.Transitions.SignChanges)
		if e := math.Abs(gotMean-mean) / (sd / math.Sqrt(runs)); e > 4 {
			t.Errorf("dt %g: %d positions change sign %.4f times on average by the transition kernel, %.4f by simulation: %.1f standard errors apart", c.dt, c.positions, mean, gotMean, e)
		}
		if math.Abs(gotSD/sd-1) > 0.04 {
			t.Errorf("dt %g: %d positions: standard deviation %.4f by the transition kernel, %.4f by simulation", c.dt, c.positions, sd, gotSD)
		}
	}
}
