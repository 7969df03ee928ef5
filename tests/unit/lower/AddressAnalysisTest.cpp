// Random programs of integer, mask and pointer operations: wherever the analysis gives a form, the form must say what
// the operations compute, element by element.
#include "AddressAnalysis.h"

#include "rblnc/frontend/Frontend.h"

#include "catch2/catch.hpp"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/DialectRegistry.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/Parser/Parser.h"
#include "llvm/ADT/StringExtras.h"

#include <numeric>
#include <random>

using namespace mlir;
using namespace rblnc;
using namespace rblnc::lower;

namespace {

using Shape = std::vector<int64_t>;

int64_t count(const Shape &shape) {
  return std::accumulate(shape.begin(), shape.end(), int64_t(1), std::multiplies<>());
}

Shape positionOf(int64_t index, const Shape &shape) {
  Shape position(shape.size());
  for (size_t d = shape.size(); d-- > 0; index /= shape[d])
    position[d] = index % shape[d];
  return position;
}

int64_t indexOf(const Shape &position, const Shape &shape) {
  int64_t index = 0;
  for (size_t d = 0; d < shape.size(); ++d)
    index = index * shape[d] + position[d];
  return index;
}

//===----------------------------------------------------------------------===//
// A writer of random programs
//===----------------------------------------------------------------------===//

class Writer {
public:
  explicit Writer(uint32_t seed) : random(seed) {
    values = {{"%n", {}, "i32"}, {"%m", {}, "i32"}, {"%x", {}, "!tt.ptr<f32>"}, {"%f", {}, "i1"}};
    for (int i = 0; i < 60; ++i)
      write();
  }

  std::string source() const {
    return "tt.func public @k(%x: !tt.ptr<f32>, %n: i32, %m: i32, %f: i1) {\n" + text + "tt.return\n}";
  }

private:
  struct Typed {
    std::string name;
    Shape shape;
    std::string element;
    std::string type() const {
      if (shape.empty())
        return element;
      std::string result = "tensor<";
      for (int64_t extent : shape)
        result += std::to_string(extent) + "x";
      return result + element + ">";
    }
  };

  std::mt19937 random;
  std::vector<Typed> values;
  std::string text;

  int64_t below(int64_t limit) { return std::uniform_int_distribution<int64_t>(0, limit - 1)(random); }
  const Typed pick() { return values[below(values.size())]; }

  void define(Typed value, const std::string &operation) {
    value.name = "%v" + std::to_string(values.size());
    text += value.name + " = " + operation + "\n";
    values.push_back(std::move(value));
  }

  /// A second operand of the same type, if there is one besides the value itself.
  Typed partner(const Typed &value) {
    std::vector<Typed> same;
    for (const Typed &other : values)
      if (other.type() == value.type())
        same.push_back(other);
    return same[below(same.size())];
  }

  void write() {
    Typed source = pick(), result = source;
    std::string arrow = " : " + source.type() + " -> ";
    bool isInteger = source.element == "i32" || source.element == "i64";
    switch (below(13)) {
    case 0: {
      int64_t start = below(4), extent = 1 + below(6);
      define({"", {extent}, "i32"}, "tt.make_range {start = " + std::to_string(start) +
                                        " : i32, end = " + std::to_string(start + extent) + " : i32} : tensor<" +
                                        std::to_string(extent) + "xi32>");
      return;
    }
    case 1:
      if (isInteger) {
        std::string number = std::to_string(below(9) - 4);
        define(result,
               "arith.constant " + (source.shape.empty() ? number : "dense<" + number + ">") + " : " + source.type());
      }
      return;
    case 2:
      if (source.shape.empty()) {
        result.shape = {1 + below(4), 1 + below(3)};
        define(result, "tt.splat " + source.name + arrow + result.type());
      }
      return;
    case 3:
      if (!source.shape.empty() && source.shape.size() < 4) {
        int64_t axis = below(source.shape.size() + 1);
        result.shape.insert(result.shape.begin() + axis, 1);
        define(result, "tt.expand_dims " + source.name + " {axis = " + std::to_string(axis) + " : i32}" + arrow +
                           result.type());
      }
      return;
    case 4:
      if (!source.shape.empty() && count(source.shape) < 64) {
        for (int64_t &extent : result.shape)
          extent = extent == 1 ? 1 + below(4) : extent;
        define(result, "tt.broadcast " + source.name + arrow + result.type());
      }
      return;
    case 5:
      if (source.shape.size() > 1) {
        std::vector<int64_t> order(source.shape.size());
        std::iota(order.begin(), order.end(), 0);
        std::shuffle(order.begin(), order.end(), random);
        std::string list;
        for (size_t d = 0; d < order.size(); ++d) {
          result.shape[d] = source.shape[order[d]];
          list += (d ? ", " : "") + std::to_string(order[d]);
        }
        define(result, "tt.trans " + source.name + " {order = array<i32: " + list + ">}" + arrow + result.type());
      }
      return;
    case 6:
      if (!source.shape.empty()) {
        int64_t rest = count(source.shape);
        result.shape.clear();
        for (int64_t factor = 2; rest > 1; rest % factor == 0 ? rest /= factor : ++factor)
          if (rest % factor == 0)
            result.shape.push_back(factor);
        if (result.shape.empty() || below(2))
          result.shape = {count(source.shape)};
        define(result, "tt.reshape " + source.name + arrow + result.type());
      }
      return;
    case 7:
      if (source.element == "i32") {
        result.element = "i64";
        define(result, (below(4) ? "arith.extsi " : "arith.extui ") + source.name + " : " + source.type() + " to " +
                           result.type());
      } else if (source.element == "i64") {
        result.element = "i32";
        define(result, "arith.trunci " + source.name + " : " + source.type() + " to " + result.type());
      }
      return;
    case 8:
    case 9:
      if (isInteger) {
        const char *names[] = {"arith.addi ", "arith.subi ", "arith.muli "};
        define(result, names[below(3)] + source.name + ", " + partner(source).name + " : " + source.type());
      }
      return;
    case 10:
      if (isInteger) {
        const char *names[] = {"eq", "ne", "slt", "sle", "sgt", "sge", "ult", "ule", "ugt", "uge"};
        result.element = "i1";
        define(result, std::string("arith.cmpi ") + names[below(10)] + ", " + source.name + ", " +
                           partner(source).name + " : " + source.type());
      }
      return;
    case 11:
      if (source.element == "i1")
        define(result, (below(3) ? "arith.andi " : "arith.ori ") + source.name + ", " + partner(source).name + " : " +
                           source.type());
      return;
    case 12:
      if (isInteger) {
        Typed base{"", source.shape, "!tt.ptr<f32>"};
        for (const Typed &pointer : std::vector<Typed>(values))
          if (pointer.type() == base.type() && below(2)) {
            define(base, "tt.addptr " + pointer.name + ", " + source.name + " : " + base.type() + ", " + source.type());
            return;
          }
      }
      return;
    }
  }
};

//===----------------------------------------------------------------------===//
// What the operations compute. A pointer is the offset from its argument.
//===----------------------------------------------------------------------===//

struct Evaluator {
  llvm::DenseMap<Value, std::vector<int64_t>> elements;
  /// Whether arithmetic left the range of 32 bits: forms are those of integers that do not wrap, and what must hold for
  /// them is tested elsewhere.
  bool overflowed = false;

  static Shape shapeOf(Value value) {
    auto tensor = dyn_cast<RankedTensorType>(value.getType());
    return tensor ? Shape(tensor.getShape()) : Shape();
  }

  void run(Operation *op) {
    Value result = op->getResult(0);
    Shape shape = shapeOf(result), from = op->getNumOperands() ? shapeOf(op->getOperand(0)) : Shape();
    std::vector<int64_t> &out = elements[result];
    for (int64_t i = 0; i < count(shape); ++i)
      out.push_back(element(op, i, positionOf(i, shape), from));
  }

  int64_t element(Operation *op, int64_t i, Shape position, const Shape &from) {
    auto at = [&](unsigned operand, int64_t index) { return elements.find(op->getOperand(operand))->second[index]; };
    // Small enough that the next product fits 64 bits.
    auto checked = [&](int64_t value) {
      bool isNarrow = getElementTypeOrSelf(op->getResult(0).getType()).isInteger(32);
      overflowed |= static_cast<int32_t>(value) != value && (isNarrow || value < -(1ll << 31) || value >= 1ll << 32);
      return value;
    };
    if (auto range = dyn_cast<tt::MakeRangeOp>(op))
      return range.getStart() + i;
    if (auto constant = dyn_cast<arith::ConstantOp>(op)) {
      if (auto dense = dyn_cast<DenseIntElementsAttr>(constant.getValue()))
        return dense.getSplatValue<APInt>().getSExtValue();
      return cast<IntegerAttr>(constant.getValue()).getValue().getSExtValue();
    }
    if (isa<tt::SplatOp>(op))
      return at(0, 0);
    if (isa<tt::ExpandDimsOp, tt::ReshapeOp, arith::ExtSIOp>(op))
      return at(0, i);
    if (isa<arith::TruncIOp>(op))
      return checked(at(0, i));
    if (isa<arith::ExtUIOp>(op))
      return static_cast<uint32_t>(at(0, i));
    if (isa<tt::BroadcastOp>(op)) {
      for (size_t d = 0; d < from.size(); ++d)
        position[d] = from[d] == 1 ? 0 : position[d];
      return at(0, indexOf(position, from));
    }
    if (auto trans = dyn_cast<tt::TransOp>(op)) {
      Shape source(from.size());
      for (auto [d, axis] : llvm::enumerate(trans.getOrder()))
        source[axis] = position[d];
      return at(0, indexOf(source, from));
    }
    if (auto compare = dyn_cast<arith::CmpIOp>(op)) {
      unsigned width = getElementTypeOrSelf(compare.getLhs().getType()).getIntOrFloatBitWidth();
      return arith::applyCmpPredicate(compare.getPredicate(), APInt(width, at(0, i), true),
                                      APInt(width, at(1, i), true));
    }
    if (isa<arith::AndIOp>(op))
      return at(0, i) & at(1, i);
    if (isa<arith::OrIOp>(op))
      return at(0, i) | at(1, i);
    if (isa<arith::SubIOp>(op))
      return checked(at(0, i) - at(1, i));
    if (isa<arith::MulIOp>(op)) {
      int64_t product;
      overflowed |= __builtin_mul_overflow(at(0, i), at(1, i), &product);
      return checked(product);
    }
    return checked(at(0, i) + at(1, i)); // arith.addi, tt.addptr
  }

  int64_t valueOf(const LinearForm &form, const Shape &position) {
    int64_t sum = form.constant;
    for (size_t d = 0; d < form.strides.size(); ++d)
      sum += form.strides[d] * position[d];
    for (const Term &term : form.terms)
      sum += term.scale * elements.find(term.value)->second.front();
    return sum;
  }

  bool valueOf(const MaskForm &mask, const Shape &position) {
    bool holds = !mask.never;
    for (const Bound &bound : mask.bounds)
      holds &= (position[bound.axis] < valueOf(bound.limit, {})) == bound.upper;
    for (const Guard &guard : mask.guards)
      holds &= guard.condition ? elements.find(guard.condition)->second.front() != 0 : valueOf(guard.positive, {}) > 0;
    return holds;
  }
};

} // namespace

TEST_CASE("forms say what the operations compute") {
  DialectRegistry registry;
  registerDialects(registry);
  std::unique_ptr<MLIRContext> context = makeContext(registry);
  size_t integers = 0, masks = 0, pointers = 0;
  for (uint32_t seed = 0; seed < 400; ++seed) {
    std::string source = Writer(seed).source();
    INFO(source);
    OwningOpRef<ModuleOp> module = parseSourceString<ModuleOp>(source, context.get());
    REQUIRE(module);
    Block &body = (*module->getOps<tt::FuncOp>().begin()).getBody().front();
    AddressAnalysis analysis(body, {}, {});
    Evaluator evaluator;
    evaluator.elements[body.getArgument(0)] = {0};
    evaluator.elements[body.getArgument(1)] = {static_cast<int64_t>(seed % 7) - 2};
    evaluator.elements[body.getArgument(2)] = {static_cast<int64_t>(seed % 5)};
    evaluator.elements[body.getArgument(3)] = {seed % 2};
    for (Operation &op : body.without_terminator()) {
      Value result = op.getResult(0);
      evaluator.run(&op);
      if (evaluator.overflowed)
        break;
      const LinearForm *integer = analysis.integer(result);
      const MaskForm *mask = analysis.mask(result);
      const PointerForm *pointer = analysis.pointer(result);
      integers += integer != nullptr;
      masks += mask != nullptr;
      pointers += pointer != nullptr;
      Shape shape = Evaluator::shapeOf(result);
      const std::vector<int64_t> &elements = evaluator.elements.find(result)->second;
      for (size_t i = 0; i < elements.size(); ++i) {
        Shape position = positionOf(i, shape);
        INFO("value %" << std::distance(body.begin(), op.getIterator()) << " element " << i);
        if (integer)
          CHECK(evaluator.valueOf(*integer, position) == elements[i]);
        if (mask)
          CHECK(evaluator.valueOf(*mask, position) == (elements[i] != 0));
        if (pointer)
          CHECK(evaluator.valueOf(pointer->offset, position) == elements[i]);
      }
    }
  }
  // The programs must not miss what is to be tested.
  CHECK(integers > 3000);
  CHECK(masks > 500);
  CHECK(pointers > 500);
}

TEST_CASE("bounds and strides follow every permutation of three axes") {
  DialectRegistry registry;
  registerDialects(registry);
  std::unique_ptr<MLIRContext> context = makeContext(registry);
  const Shape shape{2, 3, 4};
  Shape order{0, 1, 2};
  do {
    for (int64_t axis = 0; axis < 3; ++axis) {
      Shape one{1, 1, 1}, turned(3);
      one[axis] = shape[axis];
      for (int64_t d = 0; d < 3; ++d)
        turned[d] = shape[order[d]];
      auto type = [](const Shape &extents, const char *element) {
        std::string text = "tensor<";
        for (int64_t extent : extents)
          text += std::to_string(extent) + "x";
        return text + element + ">";
      };
      std::string list;
      for (int64_t d = 0; d < 3; ++d)
        list += (d ? ", " : "") + std::to_string(order[d]);
      std::string line = type({shape[axis]}, "i32");
      OwningOpRef<ModuleOp> module = parseSourceString<ModuleOp>(
          "tt.func public @k(%n: i32) {\n%r = tt.make_range {start = 0 : i32, end = " + std::to_string(shape[axis]) +
              " : i32} : " + line + "\n%l = tt.reshape %r : " + line + " -> " + type(one, "i32") +
              "\n%w = tt.broadcast %l : " + type(one, "i32") + " -> " + type(shape, "i32") +
              "\n%k = arith.constant dense<1> : " + type(shape, "i32") + "\n%m = arith.cmpi slt, %w, %k : " +
              type(shape, "i32") + "\n%t = tt.trans %w {order = array<i32: " + list + ">} : " + type(shape, "i32") +
              " -> " + type(turned, "i32") + "\n%u = tt.trans %m {order = array<i32: " + list +
              ">} : " + type(shape, "i1") + " -> " + type(turned, "i1") + "\ntt.return\n}",
          context.get());
      REQUIRE(module);
      Block &body = (*module->getOps<tt::FuncOp>().begin()).getBody().front();
      AddressAnalysis analysis(body, {}, {});
      Operation *mask = body.getTerminator()->getPrevNode(), *positions = mask->getPrevNode();
      size_t place = std::find(order.begin(), order.end(), axis) - order.begin();
      INFO("order " << list << ", axis " << axis);
      REQUIRE(analysis.mask(mask->getResult(0)));
      REQUIRE(analysis.mask(mask->getResult(0))->bounds.size() == 1);
      CHECK(analysis.mask(mask->getResult(0))->bounds.front().axis == place);
      REQUIRE(analysis.integer(positions->getResult(0)));
      for (size_t d = 0; d < 3; ++d)
        CHECK(analysis.integer(positions->getResult(0))->strides[d] == (d == place ? 1 : 0));
    }
  } while (std::next_permutation(order.begin(), order.end()));
}
