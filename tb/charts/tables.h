// The flow charts of the specification as tables: which block may follow which, and which trace
// event stands for the step. docs/flow_charts.md draws them.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace vctoe::charts {

enum class Figure : std::uint8_t { k3, k8, k9, k10, k11, k12 };
constexpr std::size_t kFigures = 6;

/// Why a step that the figure does not draw is legal all the same. A run's Options name those that
/// its parameters allow.
enum class Relax : std::uint8_t {
  kNone = 0,    ///< an edge of the figure
  kAlways = 1,  ///< [0065], needs no option: a stream that is refused, a connection that ends
  kSeveralBlocks = 2,  ///< [0048]: more than one block outstanding
  kUnpinEarly = 4,     ///< unpinned when read, before all is sent
  kParts = 8,          ///< answered in parts (page-wise replies)
  kNoReply = 16,       ///< the NIC translates itself, nobody replies
};
constexpr unsigned operator|(Relax a, Relax b) {
  return static_cast<unsigned>(a) | static_cast<unsigned>(b);
}

/// Blocks that no figure has: where a chart is entered, and any block of another round.
constexpr int kEntry = 0;
constexpr int kElsewhere = -1;

struct Edge {
  int from;
  int to;
  const char* event;  ///< the trace event that stands for it
  Relax relax = Relax::kNone;
};

struct Chart {
  const char* name;  ///< "FIG. 8"
  std::vector<Edge> edges;
};

/// How often each edge was taken, by figure and place in its table.
using Taken = std::array<std::vector<std::uint64_t>, kFigures>;

const Chart& chart(Figure figure);
/// Place of the edge in the chart's table; -1 if the chart has none.
int find_edge(const Chart& chart, int from, int to);
/// "264-262", as figures and files name an edge.
std::string edge_name(const Edge& edge);

}  // namespace vctoe::charts
