// Pieces of syntax that the generated parsers and printers call by name.
#pragma once

#include "mlir/IR/OpImplementation.h"

namespace rblnc::tt {

using UnresolvedOperands = llvm::SmallVectorImpl<mlir::OpAsmParser::UnresolvedOperand>;

/// `[a, b], [c, d], [e, f]`: lists of one length. The operation itself only knows the sum of the lengths.
mlir::ParseResult parseEqualLists(mlir::OpAsmParser &parser, UnresolvedOperands &first, UnresolvedOperands &second,
                                  UnresolvedOperands &third);
mlir::ParseResult parseEqualLists(mlir::OpAsmParser &parser, UnresolvedOperands &first, UnresolvedOperands &second);
void printEqualLists(mlir::OpAsmPrinter &printer, mlir::Operation *op, mlir::OperandRange first,
                     mlir::OperandRange second, mlir::OperandRange third);
void printEqualLists(mlir::OpAsmPrinter &printer, mlir::Operation *op, mlir::OperandRange first,
                     mlir::OperandRange second);

} // namespace rblnc::tt
