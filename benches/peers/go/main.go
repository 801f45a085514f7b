// What counting by go-metrics costs, as the lines of a Markdown table: `go run .`; with `-try` it only tries all.
package main

import (
	"flag"
	"fmt"
	"math"
	"os"
	"sort"
	"sync"
	"time"

	"github.com/rcrowley/go-metrics"
)

// A way does something so many times, by each of some goroutines.
type way struct {
	row, unit, name string
	goroutines      int
	do              func(times int)
}

// How many values are recorded before they come again, over three decades.
var values = spread()

func spread() []int64 {
	values := make([]int64, 4096)
	for i := range values {
		part := float64(i*1237%len(values)) / float64(len(values)-1)
		values[i] = int64(1000 * math.Pow(1000, part))
	}
	return values
}

// The number of series that are visited.
const series = 100_000

func main() {
	try := flag.Bool("try", false, "try all once with little")
	flag.Parse()
	turns, length := 101, 300*time.Microsecond
	if *try {
		turns, length = 1, 0
	}
	for _, it := range ways() {
		show(it, turns, length)
	}
	check()
}

var (
	counter = metrics.NewCounter()
	decayed = metrics.NewHistogram(metrics.NewExpDecaySample(1028, 0.015))
	uniform = metrics.NewHistogram(metrics.NewUniformSample(1028))
	timer   = metrics.NewTimer()
	few     = metrics.NewRegistry()
	many    = registry()
)

func registry() metrics.Registry {
	registry := metrics.NewRegistry()
	for i := 0; i < series; i++ {
		metrics.NewRegisteredCounter(fmt.Sprintf("etl_rows_committed.2013-01-01-%06d.worker-%06d", i, i%50), registry)
	}
	return registry
}

func ways() []way {
	return []way{
		{"counter add by handle, 1 goroutine", "add", "`Counter.Inc`", 1, add},
		{"counter add by handle, 2 goroutines, each", "add", "`Counter.Inc`", 2, add},
		{"look-up, one name", "add", "`GetOrRegisterCounter`, 1 goroutine", 1, lookUp},
		{"", "", "`GetOrRegisterCounter`, 2 goroutines, each", 2, lookUp},
		{"histogram update", "value", "`ExpDecaySample`, 1028, 0.015, 1 goroutine", 1, update(decayed)},
		{"", "", "`ExpDecaySample`, 1028, 0.015, 2 goroutines, each", 2, update(decayed)},
		{"", "", "`UniformSample`, 1028, 1 goroutine", 1, update(uniform)},
		{"", "", "`UniformSample`, 1028, 2 goroutines, each", 2, update(uniform)},
		{"timer update", "duration", "`Timer.Update`", 1, updateTimer},
		{"timer from start to stop", "duration", "`Timer.UpdateSince`", 1, clocked},
		{"collect 100,000 counters", "counter", "`Registry.Each`, `Count`", 1, each},
	}
}

func add(times int) {
	for i := 0; i < times; i++ {
		counter.Inc(1)
	}
}

func lookUp(times int) {
	for i := 0; i < times; i++ {
		metrics.GetOrRegisterCounter("flights.committed", few).Inc(1)
	}
}

func update(histogram metrics.Histogram) func(int) {
	return func(times int) {
		for i := 0; i < times; i++ {
			histogram.Update(values[i%len(values)])
		}
	}
}

func updateTimer(times int) {
	for i := 0; i < times; i++ {
		timer.Update(time.Duration(values[i%len(values)]))
	}
}

func clocked(times int) {
	for i := 0; i < times; i++ {
		timer.UpdateSince(time.Now())
	}
}

// As often as it takes to have visited so many.
func each(times int) {
	for visited := 0; visited < times; {
		many.Each(func(_ string, it any) {
			total += it.(metrics.Counter).Count()
			visited++
		})
	}
}

var total int64

// Gives a way its turns, of about this length, and prints what they took.
func show(it way, turns int, length time.Duration) {
	times := size(it, length)
	turn(it, times)
	ns := make([]float64, turns)
	for i := range ns {
		ns[i] = turn(it, times)
	}
	sort.Float64s(ns)
	fmt.Printf("| %s | %s | %s | %d | %.2f | %.2f |\n", it.row, it.unit, it.name, turns, ns[0], ns[turns/2])
}

// How many times take about so long.
func size(it way, length time.Duration) int {
	if it.unit == "counter" {
		return series
	}
	times := float64(length) / turn(it, len(values))
	return max(len(values), int(times))
}

// The nanoseconds of one time, while all goroutines are at it.
func turn(it way, times int) float64 {
	var ready, done sync.WaitGroup
	start := make(chan struct{})
	took := make([]time.Duration, it.goroutines)
	for i := range took {
		ready.Add(1)
		done.Add(1)
		go func() {
			defer done.Done()
			ready.Done()
			<-start
			began := time.Now()
			it.do(times)
			took[i] = time.Since(began)
		}()
	}
	ready.Wait()
	close(start)
	done.Wait()
	return float64(longest(took)) / float64(times)
}

func longest(took []time.Duration) time.Duration {
	most := took[0]
	for _, it := range took {
		most = max(most, it)
	}
	return most
}

// Fails unless everything has counted.
func check() {
	looked := metrics.GetOrRegisterCounter("flights.committed", few).Count()
	if counter.Count() == 0 || looked == 0 || decayed.Count() == 0 || uniform.Count() == 0 || timer.Count() == 0 {
		fmt.Fprintln(os.Stderr, "something has not counted")
		os.Exit(1)
	}
}
