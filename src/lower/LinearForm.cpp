// The algebra of affine integers. Every coefficient is computed with an overflow check.
#include "LinearForm.h"

#include "llvm/ADT/STLExtras.h"

using namespace llvm;

namespace rblnc::lower {

bool LinearForm::isConstant() const { return terms.empty() && isUniform(); }

bool LinearForm::isUniform() const {
  return all_of(strides, [](int64_t stride) { return stride == 0; });
}

LinearForm LinearForm::origin() const {
  LinearForm form;
  form.constant = constant;
  form.terms = terms;
  return form;
}

static bool addTerm(SmallVectorImpl<Term> &terms, Term term) {
  for (Term *it = terms.begin(); it != terms.end(); ++it) {
    if (it->value != term.value)
      continue;
    if (__builtin_add_overflow(it->scale, term.scale, &it->scale))
      return false;
    if (it->scale == 0)
      terms.erase(it);
    return true;
  }
  terms.push_back(term);
  return terms.size() <= maxTerms;
}

std::optional<LinearForm> add(const LinearForm &a, const LinearForm &b) {
  if (a.strides.size() != b.strides.size())
    return std::nullopt;
  LinearForm sum = a;
  if (__builtin_add_overflow(a.constant, b.constant, &sum.constant))
    return std::nullopt;
  for (auto [stride, other] : zip(sum.strides, b.strides))
    if (__builtin_add_overflow(stride, other, &stride))
      return std::nullopt;
  for (Term term : b.terms)
    if (!addTerm(sum.terms, term))
      return std::nullopt;
  return sum;
}

std::optional<LinearForm> multiply(const LinearForm &a, int64_t factor) {
  LinearForm product = a;
  if (factor == 0)
    product.terms.clear();
  if (__builtin_mul_overflow(a.constant, factor, &product.constant))
    return std::nullopt;
  for (int64_t &stride : product.strides)
    if (__builtin_mul_overflow(stride, factor, &stride))
      return std::nullopt;
  for (Term &term : product.terms)
    if (__builtin_mul_overflow(term.scale, factor, &term.scale))
      return std::nullopt;
  return product;
}

std::optional<LinearForm> subtract(const LinearForm &a, const LinearForm &b) {
  std::optional<LinearForm> negated = multiply(b, -1);
  return negated ? add(a, *negated) : std::nullopt;
}

std::optional<LinearForm> addConstant(const LinearForm &a, int64_t constant) {
  LinearForm sum = a;
  if (__builtin_add_overflow(a.constant, constant, &sum.constant))
    return std::nullopt;
  return sum;
}

bool sameTerms(ArrayRef<Term> a, ArrayRef<Term> b) {
  return a.size() == b.size() && all_of(a, [&](const Term &term) { return is_contained(b, term); });
}

std::optional<Interval> rangeOf(const LinearForm &form, ArrayRef<int64_t> shape) {
  if (!form.terms.empty() || form.strides.size() != shape.size())
    return std::nullopt;
  Interval range{form.constant, form.constant};
  for (auto [stride, extent] : zip(form.strides, shape)) {
    int64_t reach;
    if (__builtin_mul_overflow(stride, extent - 1, &reach))
      return std::nullopt;
    int64_t &end = reach < 0 ? range.min : range.max;
    if (__builtin_add_overflow(end, reach, &end))
      return std::nullopt;
  }
  return range;
}

int64_t floorDivide(int64_t value, int64_t divisor) { return value / divisor - (value % divisor < 0 ? 1 : 0); }

int64_t ceilDivide(int64_t value, int64_t divisor) { return value / divisor + (value % divisor > 0 ? 1 : 0); }

} // namespace rblnc::lower
