// Layouts of scratchpad buffers: where rows begin and how much room they take.
#include "analysis/Layout.h"

#include "catch2/catch.hpp"

using rblnc::plan::denseLayout;
using rblnc::plan::elementsInLines;
using rblnc::plan::Extents;
using rblnc::plan::Layout;
using rblnc::plan::lineLayout;

TEST_CASE("rows begin at lines") {
  struct Case {
    Extents shape, strides;
    int64_t elements;
  };
  for (const Case &c :
       {Case{{16, 80}, {128, 1}, 2048}, Case{{16, 64}, {64, 1}, 1024}, Case{{16, 65}, {128, 1}, 2048},
        Case{{16, 5}, {64, 1}, 1024}, Case{{2, 3, 63}, {192, 64, 1}, 384}, Case{{2, 1, 80}, {128, 0, 1}, 256}}) {
    Layout layout = lineLayout(c.shape, 64);
    CHECK(layout.strides == c.strides);
    CHECK(layout.elements == c.elements);
    CHECK(elementsInLines(c.shape, 64) == c.elements);
  }
}

TEST_CASE("rows of one element, single rows and scalars are dense") {
  for (const Extents &shape :
       {Extents{16, 1}, Extents{4, 1, 5, 1}, Extents{80}, Extents{1, 1, 80}, Extents{1}, Extents{}}) {
    CHECK(lineLayout(shape, 64).strides == denseLayout(shape).strides);
    CHECK(lineLayout(shape, 64).elements == denseLayout(shape).elements);
  }
}

TEST_CASE("the line is the target's") {
  CHECK(lineLayout({4, 80}, 32).strides == Extents{96, 1});
  CHECK(lineLayout({4, 80}, 1).strides == Extents{80, 1});
  CHECK(lineLayout({4, 80}, 100).elements == 400);
}

TEST_CASE("padding that no memory could hold is left out") {
  Extents shape{int64_t{1} << 57, 2};
  CHECK(lineLayout(shape, 64).elements == int64_t{1} << 58);
  CHECK(lineLayout(shape, 64).strides == Extents{2, 1});
  CHECK(lineLayout({int64_t{1} << 57, 2}, 65536).elements == int64_t{1} << 58);
}
