package paper

import "pushforward/flow"

// train is training number i of a stage that has so many.
func (s *runner) train(stage string, f *flow.Flow[float32], data []float32, c flow.TrainConfig, i, of int) (flow.Report, error) {
	t, err := flow.NewTrainer(f, data, c)
	if err != nil {
		return flow.Report{}, err
	}
	t.Progress = func(p flow.Progress) {
		s.report(stage, (float64(i)+float64(p.Step)/float64(p.Steps))/float64(of))
	}
	return t.Run(s.ctx)
}
