// WHAQL as printed (algorithm 3 on prefix states), operation for operation as src/rl computes it: the same trie in
// growable arrays, the same random stream (Alea, its state given), the same logarithm, the same ties.
// Build: g++ -O3 -ffp-contract=off, with -DVECTORS for the other memory. Input on stdin, see bench/whaql-cpp.ts; the run is repeated as often as the argument
// says. Output: milliseconds of processor time of each run, number of states, assignment.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <vector>

struct Alea {
  double s0, s1, s2, c;
  double next() {
    double t = 2091639 * s0 + c * 2.3283064365386963e-10;
    s0 = s1;
    s1 = s2;
    c = static_cast<double>(static_cast<int32_t>(t));
    return s2 = t - c;
  }
  int pick(int count) { return static_cast<int>(next() * count); }
};

static double portableLn(double x) {
  uint64_t bits;
  std::memcpy(&bits, &x, 8);
  int exponent = static_cast<int>((bits >> 52) & 0x7ff) - 1022;
  bits = (bits & 0x800fffffffffffffULL) | 0x3fe0000000000000ULL;
  double m;
  std::memcpy(&m, &bits, 8);
  if (m < 0.7071067811865476) {
    m += m;
    exponent--;
  }
  double s = (m - 1) / (m + 1), z = s * s;
  double tail = z * (1.0 / 3 + z * (1.0 / 5 + z * (1.0 / 7 + z * (1.0 / 9 + z * (1.0 / 11 + z * (1.0 / 13 + z * (1.0 / 15 + z * (1.0 / 17 + z * (1.0 / 19 + z * (1.0 / 21))))))))));
  return exponent * 6.93147180369123816490e-1 + (2 * s + (2 * s * tail + exponent * 1.90821492927058770002e-10));
}

#ifdef VECTORS
// As it is usually written: vectors that double from small.
template <class T> struct Array : std::vector<T> {
  using std::vector<T>::vector;
  void grow(size_t, size_t to) { this->resize(to); }
};
static size_t firstStates(size_t) { return 1024; }
#else
// As src/rl has it: 4 MiB at the start, zeroed by calloc as an engine's typed arrays are, so that no page is written twice.
template <class T> struct Array {
  T *data;
  explicit Array(size_t size) : data(static_cast<T *>(std::calloc(size, sizeof(T)))) {}
  ~Array() { std::free(data); }
  Array(const Array &) = delete;
  T &operator[](size_t k) { return data[k]; }
  void grow(size_t from, size_t to) {
    T *wider = static_cast<T *>(std::calloc(to, sizeof(T)));
    std::memcpy(wider, data, from * sizeof(T));
    std::free(data);
    data = wider;
  }
};
static size_t firstStates(size_t m) { return (4 << 20) / (20 * m + 8) + 1; }
#endif

struct Tables {
  size_t m, count = 1, capacity;
  Array<double> q, weight, bestReward;
  Array<int32_t> child;
  explicit Tables(size_t m) : m(m), capacity(firstStates(m)), q(capacity * m), weight(capacity * m), bestReward(capacity), child(capacity * m) {}
  int childOf(size_t state, int action) {
    int known = child[state * m + action];
    if (known > 0) return known;
    if (count == capacity) {
      q.grow(capacity * m, capacity * m * 2);
      weight.grow(capacity * m, capacity * m * 2);
      bestReward.grow(capacity, capacity * 2);
      child.grow(capacity * m, capacity * m * 2);
      capacity *= 2;
    }
    child[state * m + action] = static_cast<int>(count);
    return static_cast<int>(count++);
  }
};

struct Input {
  int n, m, episodes;
  double p, alpha, gamma, U, w;
  Alea rng;
  std::vector<double> length, speed, price;
};

struct Output {
  double ms;
  int states;
  std::vector<int> assignment;
};

static Output run(const Input &input) {
  const auto &[n, m, episodes, p, alpha, gamma, U, w, start_of_stream, length, speed, price] = input;
  Alea rng = start_of_stream;
  std::clock_t start = std::clock();
  double ect = 0, cst = 0;
  for (int i = 0; i < n; i++)
    for (int j = 0; j < m; j++) {
      double time = length[i] / speed[j];
      ect += time;
      cst += time * price[j];
    }
  Tables tables(m);
  std::vector<double> load(m), preference(m);
  std::vector<int> assignment(n), best(n);
  double bestEst = INFINITY;
  for (int episode = 0; episode < episodes; episode++) {
    std::fill(load.begin(), load.end(), 0.0);
    double T = 0, C = 0;
    int state = 0;
    double most = *std::max_element(&tables.q[0], &tables.q[0] + m);
    for (int stage = 0; stage < n; stage++) {
      int action;
      if (rng.next() <= p) {
        const double *q = &tables.q[static_cast<size_t>(state) * m], *f = &tables.weight[static_cast<size_t>(state) * m];
        int heaviest = 0;
        for (int a = 1; a < m; a++) if (f[a] > f[heaviest]) heaviest = a;
        double lifted = -INFINITY;
        if (f[heaviest] > 0) {
          double sum = 0;
          for (int a = 0; a < m; a++) sum += f[a];
          lifted = q[heaviest] + (most - q[heaviest] + (U * f[heaviest]) / sum);
        }
        if (lifted > most) action = heaviest;
        else {
          std::copy(q, q + m, preference.begin());
          if (f[heaviest] > 0) preference[heaviest] = lifted;
          double top = preference[0];
          int first = 0, ties = 1;
          for (int a = 1; a < m; a++) {
            if (preference[a] > top) {
              top = preference[a];
              first = a;
              ties = 1;
            } else if (preference[a] == top) ties++;
          }
          action = first;
          if (ties > 1) {
            int skip = rng.pick(ties);
            for (int a = first;; a++)
              if (preference[a] == top && skip-- == 0) {
                action = a;
                break;
              }
          }
        }
      } else action = rng.pick(m);
      double seconds = length[stage] / speed[action];
      double finish = load[action] + seconds;
      if (finish > T) T = finish;
      C += seconds * price[action];
      load[action] = finish;
      double reward = w * (ect - T) + (1 - w) * (cst - C);
      assignment[stage] = action;
      int next = stage + 1 == n ? -1 : tables.childOf(state, action);
      double future = 0;
      if (next >= 0) {
        const double *q = &tables.q[static_cast<size_t>(next) * m];
        future = q[0];
        for (int a = 1; a < m; a++) if (q[a] > future) future = q[a];
      }
      double &q = tables.q[static_cast<size_t>(state) * m + action];
      q += alpha * (reward + gamma * future - q);
      if (reward > tables.bestReward[state]) {
        double *f = &tables.weight[static_cast<size_t>(state) * m];
        double shrink = tables.bestReward[state] / reward;
        for (int a = 0; a < m; a++) f[a] *= shrink;
        f[action] = 1;
        tables.bestReward[state] = reward;
      }
      state = next;
      most = future;
    }
    double est = w == 1 ? portableLn(T) : w == 0 ? portableLn(C) : w * portableLn(T) + (1 - w) * portableLn(C);
    if (est < bestEst) {
      bestEst = est;
      best = assignment;
    }
  }
  double ms = 1000.0 * static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
  return {ms, static_cast<int>(tables.count), best};
}

int main(int, char **argv) {
  Input input;
  auto &[n, m, episodes, p, alpha, gamma, U, w, rng, length, speed, price] = input;
  if (std::scanf("%d %d %d %lf %lf %lf %lf %lf %lf %lf %lf %lf", &n, &m, &episodes, &p, &alpha, &gamma, &U, &w, &rng.s0, &rng.s1, &rng.s2, &rng.c) != 12) return 2;
  length.resize(n), speed.resize(m), price.resize(m);
  for (auto *numbers : {&length, &speed, &price})
    for (double &x : *numbers) if (std::scanf("%lf", &x) != 1) return 2;
  Output output{};
  for (int k = std::atoi(argv[1]); k > 0; k--) {
    output = run(input);
    std::printf("%.3f ", output.ms);
  }
  std::printf("\n%d\n", output.states);
  for (int vm : output.assignment) std::printf("%d ", vm);
  std::printf("\n");
}
