// Rules of matrix products.
#include "rblnc/triton/Dialect.h"

using namespace mlir;

namespace rblnc::tt {

static RankedTensorType tensorOf(Value value) { return cast<RankedTensorType>(value.getType()); }

namespace {

/// The extents of one operand's last two axes after unpacking.
struct Matrix {
  int64_t rows, columns;
};

} // namespace

static LogicalResult verifyRanks(Operation *op, RankedTensorType a, RankedTensorType b, RankedTensorType c) {
  if (c.getRank() < 2 || a.getRank() != c.getRank() || b.getRank() != c.getRank())
    return op->emitOpError() << "operands must have one rank of 2 or more, but are " << a << ", " << b << " and " << c;
  return success();
}

/// Batch axes of an operand are the accumulator's, or 1; every batch axis of the accumulator is some operand's.
static LogicalResult verifyBatch(Operation *op, RankedTensorType a, RankedTensorType b, RankedTensorType c) {
  for (int64_t axis = 0; axis < c.getRank() - 2; ++axis) {
    int64_t ofA = a.getDimSize(axis), ofB = b.getDimSize(axis), ofC = c.getDimSize(axis);
    if ((ofA != ofC && ofA != 1) || (ofB != ofC && ofB != 1) || (ofA != ofC && ofB != ofC))
      return op->emitOpError() << "batch axis " << axis << " must agree, but is " << ofA << ", " << ofB << " and "
                               << ofC;
  }
  return success();
}

static LogicalResult verifyProduct(Operation *op, Matrix a, Matrix b, Matrix c) {
  if (a.columns != b.rows)
    return op->emitOpError() << "K must agree, but is " << a.columns << " in the first operand and " << b.rows
                             << " in the second";
  if (a.rows != c.rows)
    return op->emitOpError() << "M must agree, but is " << a.rows << " in the first operand and " << c.rows
                             << " in the accumulator";
  if (b.columns != c.columns)
    return op->emitOpError() << "N must agree, but is " << b.columns << " in the second operand and " << c.columns
                             << " in the accumulator";
  return success();
}

static Matrix lastAxes(RankedTensorType type) {
  return {type.getDimSize(type.getRank() - 2), type.getDimSize(type.getRank() - 1)};
}

LogicalResult DotOp::verify() {
  RankedTensorType a = tensorOf(getA()), b = tensorOf(getB()), c = tensorOf(getC());
  if (failed(verifyRanks(*this, a, b, c)) || failed(verifyBatch(*this, a, b, c)) ||
      failed(verifyProduct(*this, lastAxes(a), lastAxes(b), lastAxes(c))))
    return failure();
  Type ofA = a.getElementType(), ofB = b.getElementType();
  if (ofA.getIntOrFloatBitWidth() != ofB.getIntOrFloatBitWidth() || isa<FloatType>(ofA) != isa<FloatType>(ofB))
    return emitOpError() << "operands must be both integers or both floats of one width, but are " << ofA << " and "
                         << ofB;
  if (isa<FloatType>(ofA) != isa<FloatType>(c.getElementType()))
    return emitOpError() << "cannot accumulate products of " << ofA << " in " << c.getElementType();
  return success();
}

/// Two e2m1 values share a byte, along K or along the other axis.
static LogicalResult unpack(Operation *op, ScaleDotElemType type, bool alongK, int64_t &k, int64_t &other) {
  if (type == ScaleDotElemType::E2M1 && llvm::MulOverflow(alongK ? k : other, int64_t(2), alongK ? k : other))
    return op->emitOpError() << "has an operand whose extent does not fit in 64 bits";
  return success();
}

static LogicalResult verifyElemType(Operation *op, RankedTensorType type, ScaleDotElemType kind) {
  bool byte = type.getElementType().isInteger(8);
  bool wide = kind == ScaleDotElemType::BF16 || kind == ScaleDotElemType::FP16;
  bool fits = byte                             ? !wide
              : kind == ScaleDotElemType::BF16 ? type.getElementType().isBF16()
              : kind == ScaleDotElemType::FP16 ? type.getElementType().isF16()
              : kind == ScaleDotElemType::E4M3 ? isa<Float8E4M3FNType>(type.getElementType())
              : kind == ScaleDotElemType::E5M2 ? isa<Float8E5M2Type>(type.getElementType())
                                               : false;
  if (!fits)
    return op->emitOpError() << type << " cannot hold elements of type " << stringifyScaleDotElemType(kind);
  return success();
}

/// Scales are [batch..., rows, K / factor] with factor 16 or 32, where rows is M for a and N for b.
static LogicalResult verifyScale(Operation *op, Value scale, RankedTensorType operand, int64_t rows, int64_t k) {
  if (!scale)
    return success();
  RankedTensorType type = tensorOf(scale);
  if (type.getRank() != operand.getRank())
    return op->emitOpError() << "scale " << type << " must have the rank of its operand, " << operand;
  if (type.getShape().drop_back(2) != operand.getShape().drop_back(2))
    return op->emitOpError() << "scale " << type << " must have the batch axes of its operand, " << operand;
  auto [scaleRows, groups] = lastAxes(type);
  if (scaleRows != rows || groups < 1 || k % groups != 0 || (k / groups != 16 && k / groups != 32))
    return op->emitOpError() << "scale " << type << " must have " << rows << " rows with one scale per 16 or 32 of the "
                             << k << " elements along K";
  return success();
}

LogicalResult DotScaledOp::verify() {
  RankedTensorType a = tensorOf(getA()), b = tensorOf(getB()), c = tensorOf(getC());
  if (failed(verifyElemType(*this, a, getAElemType())) || failed(verifyElemType(*this, b, getBElemType())) ||
      failed(verifyRanks(*this, a, b, c)) || failed(verifyBatch(*this, a, b, c)))
    return failure();
  Matrix left = lastAxes(a), right = lastAxes(b);
  if (failed(unpack(*this, getAElemType(), getLhsKPack(), left.columns, left.rows)) ||
      failed(unpack(*this, getBElemType(), getRhsKPack(), right.rows, right.columns)) ||
      failed(verifyProduct(*this, left, right, lastAxes(c))) ||
      failed(verifyScale(*this, getAScale(), a, left.rows, left.columns)) ||
      failed(verifyScale(*this, getBScale(), b, right.columns, right.rows)))
    return failure();
  return success();
}

} // namespace rblnc::tt
