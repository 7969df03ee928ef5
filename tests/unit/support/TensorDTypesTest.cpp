// Every dtype of every format of files, down to the value of an element.
#include "Scratch.h"
#include "rblnc/support/Error.h"
#include "rblnc/support/Npy.h"
#include "rblnc/support/TensorFile.h"

#include <algorithm>
#include <catch2/catch.hpp>

using namespace rblnc;
using rblnc::test::Scratch;

namespace {

struct Row {
  const char *safetensors;
  const char *numpy;
  DType dtype;
  /// Two elements, little endian, and what they are.
  std::string bytes;
  double first, second;
};

const std::vector<Row> &rows() {
  using namespace std::string_literals;
  static const std::vector<Row> rows = {
      {"BOOL", "b1", DType::i1, "\x01\x00"s, 1, 0},
      {"I8", "i1", DType::i8, "\x80\x7f"s, -128, 127},
      {"I16", "i2", DType::i16, "\x00\x80\x01\x02"s, -32768, 513},
      {"I32", "i4", DType::i32, "\x00\x00\x00\x80\x04\x03\x02\x01"s, -2147483648.0, 16909060},
      {"I64", "i8", DType::i64, "\xff\xff\xff\xff\xff\xff\xff\xff\x00\x00\x00\x00\x01\x00\x00\x00"s, -1, 4294967296.0},
      {"F16", "f2", DType::f16, "\x00\xc0\x01\x00"s, -2, 0x1p-24},
      {"BF16", "V2", DType::bf16, "\x00\xc0\x80\x3f"s, -2, 1},
      {"F32", "f4", DType::f32, "\x00\x00\x00\xc0\x00\x00\x80\x3f"s, -2, 1},
      {"F64", "f8", DType::f64, "\x00\x00\x00\x00\x00\x00\x00\xc0\x00\x00\x00\x00\x00\x00\xf0\x3f"s, -2, 1},
      {"U8", "u1", DType::u8, "\x80\xff"s, 128, 255},
      {"U16", "u2", DType::u16, "\x00\x80\xff\xff"s, 32768, 65535},
      {"U32", "u4", DType::u32, "\x00\x00\x00\x80\xff\xff\xff\xff"s, 2147483648.0, 4294967295.0},
      {"U64", "u8", DType::u64, "\x00\x00\x00\x00\x00\x00\x00\x80\x01\x00\x00\x00\x00\x00\x00\x00"s, 0x1p63, 1},
  };
  return rows;
}

std::string safetensors(const std::string &header, const std::string &data) {
  std::string length(8, '\0');
  for (size_t i = 0; i < 8; ++i)
    length[i] = static_cast<char>(header.size() >> (8 * i));
  return length + header + data;
}

std::string npy(const std::string &descr, const std::string &data, const std::string &more = "False, 'shape': (2,)") {
  std::string header = "{'descr': '" + descr + "', 'fortran_order': " + more + "}";
  header.append(63 - (header.size() + 10) % 64, ' ').push_back('\n');
  return std::string("\x93NUMPY\x01\x00", 8) + static_cast<char>(header.size() & 0xff) +
         static_cast<char>(header.size() >> 8) + header + data;
}

/// The message of the fault, or what `checks` finds is wrong.
void checkTensor(const std::string &spec, const Row &row) {
  INFO(spec << " of " << nameOf(row.dtype));
  auto file = TensorFile::open(spec);
  if (!file)
    FAIL(toDiagnostic(file.takeError()).message);
  auto tensor = file->load();
  if (!tensor)
    FAIL(toDiagnostic(tensor.takeError()).message);
  CHECK(tensor->dtype == row.dtype);
  REQUIRE(tensor->shape == std::vector<int64_t>{2});
  CHECK(tensor->asDouble(0) == row.first);
  CHECK(tensor->asDouble(1) == row.second);
}

std::string faultOf(const std::string &spec) {
  auto file = TensorFile::open(spec);
  if (!file)
    return toDiagnostic(file.takeError()).message;
  auto tensor = file->load();
  return tensor ? "" : toDiagnostic(tensor.takeError()).message;
}

} // namespace

TEST_CASE("safetensors of every dtype, alone, among others and with metadata") {
  REQUIRE(rows().size() == static_cast<size_t>(DType::u64) + 1);
  Scratch scratch;
  for (const Row &row : rows()) {
    std::string size = std::to_string(row.bytes.size()), end = std::to_string(row.bytes.size() + 3);
    std::string entry = std::string("\"dtype\":\"") + row.safetensors + "\",\"shape\":[2],\"data_offsets\":";
    checkTensor(scratch.write("one.safetensors", safetensors("{\"x\":{" + entry + "[0," + size + "]}}", row.bytes)),
                row);
    // Text of metadata may hold what looks like the end of a string or of an object.
    std::string header = "{\"__metadata__\":{\"a\":\"\\\"{[{[{[{[{[{\\\\\"},\"x\":{" + entry + "[3," + end + "]}}";
    std::string path = scratch.write("more.safetensors", safetensors(header, "abc" + row.bytes));
    checkTensor(path + ":x", row);
    checkTensor(path, row);
  }
}

TEST_CASE("a boolean of a file is one for any byte but zero") {
  Scratch scratch;
  std::string header = "{\"x\":{\"dtype\":\"BOOL\",\"shape\":[2],\"data_offsets\":[0,2]}}";
  auto file = TensorFile::open(scratch.write("b.safetensors", safetensors(header, std::string("\x02\x00", 2))));
  REQUIRE(static_cast<bool>(file));
  auto tensor = file->load();
  REQUIRE(static_cast<bool>(tensor));
  CHECK(static_cast<int>(*tensor->at(0)) == 1);
  CHECK(static_cast<int>(*tensor->at(1)) == 0);
}

TEST_CASE("data that lies outside of the file by one byte is refused") {
  Scratch scratch;
  for (const Row &row : rows()) {
    std::string bytes = row.bytes.substr(1), size = std::to_string(row.bytes.size());
    std::string header =
        std::string("{\"x\":{\"dtype\":\"") + row.safetensors + "\",\"shape\":[2],\"data_offsets\":[0," + size + "]}}";
    CHECK(faultOf(scratch.write("cut.safetensors", safetensors(header, bytes))).find("lies outside of it") !=
          std::string::npos);
    CHECK(faultOf(scratch.write("cut.npy", npy(std::string("<") + row.numpy, bytes))) != "");
  }
}

TEST_CASE("npy of every dtype and either order of bytes") {
  Scratch scratch;
  for (const Row &row : rows()) {
    checkTensor(scratch.write("little.npy", npy(std::string("<") + row.numpy, row.bytes)), row);
    if (row.dtype == DType::bf16)
      continue; // raw words have no order
    std::string swapped = row.bytes;
    auto half = static_cast<std::ptrdiff_t>(swapped.size() / 2);
    std::reverse(swapped.begin(), swapped.begin() + half);
    std::reverse(swapped.begin() + half, swapped.end());
    checkTensor(scratch.write("big.npy", npy(std::string(">") + row.numpy, swapped)), row);
  }
}

TEST_CASE("columns first, for every shape: element i, j, k is where the order says") {
  Scratch scratch;
  std::string data;
  for (int i = 0; i < 24; ++i)
    data.push_back(static_cast<char>(i));
  auto file = TensorFile::open(scratch.write("f.npy", npy("|i1", data, "True, 'shape': (2, 3, 4)")));
  REQUIRE(static_cast<bool>(file));
  auto tensor = file->load();
  REQUIRE(static_cast<bool>(tensor));
  for (int64_t i = 0; i < 2; ++i)
    for (int64_t j = 0; j < 3; ++j)
      for (int64_t k = 0; k < 4; ++k)
        CHECK(tensor->asDouble((i * 3 + j) * 4 + k) == static_cast<double>(i + 2 * j + 6 * k));
}

TEST_CASE("a written npy starts its data at a multiple of 64, whatever the length of its header") {
  Scratch scratch;
  for (int64_t extent : {1, 10, 100, 1000, 10000})
    for (size_t rank = 0; rank < 24; ++rank) {
      std::vector<int64_t> shape(rank, 1);
      if (rank)
        shape[0] = extent;
      auto tensor = Tensor::zeros(DType::bf16, shape);
      REQUIRE(static_cast<bool>(tensor));
      REQUIRE_FALSE(static_cast<bool>(writeNpy(scratch.path("x.npy"), *tensor)));
      auto source = ByteSource::open(scratch.path("x.npy"));
      REQUIRE(static_cast<bool>(source));
      auto header = readNpyHeader(*source);
      REQUIRE(static_cast<bool>(header));
      CHECK(header->dataOffset % 64 == 0);
      CHECK(header->dtype == DType::bf16);
      CHECK(header->shape == shape);
    }
}
