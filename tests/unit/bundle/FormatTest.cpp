// The file format: what is written is read back, and every other file is refused with a sentence.
#include "bundle/Build.h"

#include "rblnc/bundle/Format.h"

#include "llvm/Support/BLAKE3.h"
#include "llvm/Support/FileSystem.h"

#include <chrono>
#include <fstream>
#include <random>
#include <sys/stat.h>
#include <unistd.h>

using namespace rblnc::test;
using rblnc::Code;
using rblnc::Diagnostic;

namespace {

/// A small bundle with one command of every kind.
TestBundle small() {
  TestBundle bundle;
  uint32_t x = bundle.argument("x", DType::f32, 8, Direction::in),
           y = bundle.argument("y", DType::f32, 8, Direction::out);
  uint32_t n = bundle.argument("n", DType::i32, 1, Direction::in);
  uint32_t reg = bundle.addRegister(0, 4, "n");
  bundle.constant({1, 2, 3, 4});
  bundle.loadScalar(reg, dram(n, DType::i32, 0, {}));
  bundle.skip(reg, true, 1);
  DmaT dma;
  dma.shape = {8};
  dma.source = dram(x, DType::f32, 0, {4});
  dma.destination = pad(DType::f32, 0, {4});
  dma.clips = {Clip(0, static_cast<int>(reg), 0, 0, 0, 2)};
  dma.has_fill = true;
  bundle.add(std::move(dma));
  MatmulT matmul;
  matmul.m = matmul.n = matmul.k = 2;
  matmul.a = pad(DType::f32, 0, {8, 0, 4});
  matmul.b = pad(DType::f32, 16, {0, 4, 8});
  matmul.d = pad(DType::f32, 64, {8, 4, 0});
  bundle.add(std::move(matmul));
  TestVector vector;
  vector.outer = {2};
  vector.inner = {4};
  int in = vector.input(pad(DType::f32, 0, {16, 4}));
  vector.output(vector.step(Op::subf, DType::f32, in, vector.reduce(Op::maximumf, in)),
                dram(y, DType::f32, 0, {16, 4}));
  bundle.addVector(std::move(vector));
  bundle.signal(0, Unit::neural_engine);
  bundle.wait(0, 1, Unit::command_processor);
  bundle.ttir = "module {}";
  return bundle;
}

/// The same bytes with the digest made right again.
std::vector<uint8_t> sealed(std::vector<uint8_t> bytes) {
  llvm::BLAKE3 hasher;
  hasher.update(llvm::ArrayRef(bytes).take_front(24));
  hasher.update(llvm::ArrayRef(bytes).drop_front(56));
  auto digest = hasher.final<32>();
  std::copy(digest.begin(), digest.end(), bytes.begin() + 24);
  return bytes;
}

Code codeOfBytes(const std::vector<uint8_t> &bytes) {
  auto diagnostic = whyNot(bytes);
  REQUIRE(diagnostic);
  return diagnostic->code;
}

/// A folder that goes away with the test.
struct Folder {
  std::string path;
  Folder() {
    llvm::SmallString<128> made;
    REQUIRE(!llvm::sys::fs::createUniqueDirectory("rblnc-bundle-test", made));
    path = made.str().str();
  }
  ~Folder() { llvm::sys::fs::remove_directories(path); }
};

Diagnostic errorOfPath(const std::string &path) {
  auto opened = openBundle(path);
  REQUIRE(!opened);
  return rblnc::toDiagnostic(opened.takeError());
}

} // namespace

TEST_CASE("a bundle is read back as it was written", "[bundle]") {
  TestBundle bundle = small();
  auto opened = openBytes(bundle.bytes());
  if (!opened)
    FAIL(rblnc::toDiagnostic(opened.takeError()).message);
  CHECK((*opened)->ttir()->str() == "module {}");
  CHECK((*opened)->signature()->size() == 3);
  CHECK(opened->digest().size() == 64);
  std::unique_ptr<BundleT> copy((*opened)->UnPack());
  CHECK(llvm::cantFail(writeBundle(*copy)) == bundle.bytes());
}

TEST_CASE("the same bundle gives the same bytes", "[bundle]") { CHECK(small().bytes() == small().bytes()); }

TEST_CASE("every flipped bit is noticed", "[bundle]") {
  std::vector<uint8_t> bytes = small().bytes();
  REQUIRE(!whyNot(bytes));
  for (size_t i = 0; i < bytes.size(); ++i)
    for (uint8_t mask : {uint8_t(1 << (i % 8)), uint8_t(0xff)}) {
      bytes[i] ^= mask;
      CAPTURE(i);
      auto diagnostic = whyNot(bytes);
      REQUIRE(diagnostic);
      Code expected = i < 8 ? Code::B002 : i < 12 ? Code::B003 : i >= 16 && i < 24 ? Code::B004 : Code::B005;
      REQUIRE(diagnostic->code == expected);
      bytes[i] ^= mask;
    }
}

TEST_CASE("every truncation and every extension is noticed", "[bundle]") {
  std::vector<uint8_t> bytes = small().bytes();
  for (size_t size = 0; size < bytes.size(); ++size) {
    std::vector<uint8_t> cut(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size));
    REQUIRE(codeOfBytes(cut) == (size == 0 ? Code::B002 : Code::B004));
  }
  bytes.push_back(0);
  CHECK(codeOfBytes(bytes) == Code::B004);
}

TEST_CASE("payloads of garbage with a right digest are refused or harmless", "[bundle]") {
  // Whatever the verifier accepts here only has to be safe; that it is refused nearly always is a by-product.
  std::vector<uint8_t> bytes = small().bytes();
  std::mt19937 generator(1);
  size_t refused = 0, rounds = 20000;
  for (size_t round = 0; round < rounds; ++round) {
    std::vector<uint8_t> changed = bytes;
    for (uint32_t i = 0, n = 1 + generator() % 4; i < n; ++i) {
      size_t at = 64 + generator() % (bytes.size() - 64);
      changed[at] = static_cast<uint8_t>(generator() % 3 == 0 ? generator() : changed[at] + generator() % 9 - 4);
    }
    refused += whyNot(sealed(std::move(changed))).has_value();
  }
  CHECK(refused > rounds / 10);
  for (size_t i = 64; i < bytes.size(); ++i)
    bytes[i] = static_cast<uint8_t>(generator());
  CHECK(codeOfBytes(sealed(bytes)) == Code::B006);
}

TEST_CASE("RBLN-B003: another version is named before anything else is looked at", "[bundle]") {
  std::vector<uint8_t> bytes = small().bytes();
  bytes[8] = 7;
  auto diagnostic = whyNot(bytes);
  REQUIRE(diagnostic);
  CHECK(diagnostic->message == "test.rbln has bundle format 7, and this rblnc reads format 1");
}

TEST_CASE("RBLN-B006: offsets that share tables cannot make verification long", "[bundle]") {
  // A vector of many offsets to one program, which has a vector of many offsets to one queue.
  flatbuffers::FlatBufferBuilder builder;
  auto queue = rblnc::bundle::CreateQueue(builder);
  auto queues = builder.CreateVector(std::vector<flatbuffers::Offset<rblnc::bundle::Queue>>(50000, queue));
  auto kernel = builder.CreateString("k");
  rblnc::bundle::ProgramBuilder program(builder);
  program.add_kernel(kernel);
  program.add_queues(queues);
  auto made = program.Finish();
  auto programs = builder.CreateVector(std::vector<flatbuffers::Offset<rblnc::bundle::Program>>(50000, made));
  rblnc::bundle::BundleBuilder bundle(builder);
  bundle.add_programs(programs);
  builder.Finish(bundle.Finish());
  std::vector<uint8_t> bytes = small().bytes();
  bytes.resize(64);
  uint64_t size = builder.GetSize();
  std::memcpy(&bytes[16], &size, 8);
  bytes.insert(bytes.end(), builder.GetBufferPointer(), builder.GetBufferPointer() + size);
  auto start = std::chrono::steady_clock::now();
  CHECK(codeOfBytes(sealed(bytes)) == Code::B006);
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(5));
}

TEST_CASE("RBLN-B001 and RBLN-B002: paths that hold no bundle are refused at once", "[bundle]") {
  Folder folder;
  CHECK(errorOfPath(folder.path).message == folder.path + " is a directory, not a .rbln bundle");
  CHECK(errorOfPath(folder.path).code == Code::B001);
  CHECK(errorOfPath(folder.path + "/missing").code == Code::B001);
  CHECK(errorOfPath("/dev/zero").code == Code::B001);

  std::string pipe = folder.path + "/pipe";
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  CHECK(errorOfPath(pipe).code == Code::B001);

  std::string empty = folder.path + "/empty";
  std::ofstream{empty};
  CHECK(errorOfPath(empty).message == empty + " is empty, so it is no .rbln bundle");

  std::string garbage = folder.path + "/garbage";
  std::ofstream(garbage) << "module { tt.func @add() { tt.return } }";
  CHECK(errorOfPath(garbage).code == Code::B002);

  std::string sparse = folder.path + "/sparse";
  std::ofstream{sparse};
  REQUIRE(::truncate(sparse.c_str(), off_t{1} << 31) == 0);
  auto start = std::chrono::steady_clock::now();
  CHECK(errorOfPath(sparse).code == Code::B002);
  std::vector<uint8_t> bytes = small().bytes();
  std::fstream(sparse, std::ios::in | std::ios::out | std::ios::binary)
      .write(reinterpret_cast<const char *>(bytes.data()), 64);
  CHECK(errorOfPath(sparse).code == Code::B004);
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(1));
}

TEST_CASE("RBLN-B010: an incomplete bundle is not written", "[bundle]") {
  TestBundle bundle;
  bundle.add(DmaT());
  auto bytes = writeBundle(bundle);
  REQUIRE(!bytes);
  CHECK(rblnc::toDiagnostic(bytes.takeError()).code == Code::B010);
}
