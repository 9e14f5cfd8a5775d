#include "sync/sources/files_source.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mman.h>

#include <map>

#include "unit/sync/sources/http_fixture.h"

namespace yimen::sync {
namespace {

using fixture::ReadAll;
using fixture::readSource;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// A folder in memory.
class FakeFolder final : public FileStore {
public:
    core::Result<std::vector<FileEntry>> list() override {
        std::vector<FileEntry> entries;
        for (const auto& [name, file] : files) entries.push_back({name, file.first.size(), file.second});
        return entries;
    }
    core::Result<core::FileDescriptor> open(const std::string& name) override {
        if (files.count(name) == 0) return core::makeError(core::ErrorCode::kNotFound, name + " has gone");
        core::FileDescriptor file(::memfd_create("f", MFD_CLOEXEC));
        if (!core::writeAll(file.get(), files[name].first).ok() || ::lseek(file.get(), 0, SEEK_SET) != 0) std::abort();
        ++opened;
        return file;
    }
    std::map<std::string, std::pair<std::string, std::optional<core::WallTime>>> files;
    int opened = 0;
};

struct Folder {
    Folder() {
        spec.pattern = "*.csv";
        spec.format.kind = FormatSpec::Kind::kCsv;
        spec.format.columns = {{"a", "", 0}, {"b", "", 0}};
        spec.format.csv.names = {"a", "b"};
    }
    void put(const std::string& name, const std::string& text) { store->files[name] = {text, clock.wall()}; }
    ReadAll read(const Position& from = {}, ReadMode mode = ReadMode::kIncremental) {
        source = makeFilesSource(spec, store, clock);
        return readSource(*source, mode, from);
    }
    FilesSpec spec;
    std::shared_ptr<FakeFolder> store = std::make_shared<FakeFolder>();
    core::ManualClock clock;
    std::unique_ptr<Source> source;
};

TEST(FilesSource, TakesEachFileOnceInTheOrderOfNames) {
    Folder folder;
    folder.put("h2.csv", "a,b\n3,4\n");
    folder.put("h1.csv", "a,b\n1,2\n");
    folder.put("other.txt", "x");
    folder.clock.advance(std::chrono::minutes(1));
    const ReadAll first = folder.read();
    EXPECT_EQ(first.error, "");
    EXPECT_THAT(first.rows, ElementsAre("1|2", "3|4"));
    folder.put("h3.csv", "a,b\n3,4\n");  // the same bytes once more
    folder.put("h4.csv", "a,b\n5,6\n");
    folder.clock.advance(std::chrono::minutes(1));
    const ReadAll second = folder.read(first.position);
    EXPECT_THAT(second.rows, ElementsAre("5|6"));
    folder.put("h1.csv", "a,b\n1,22\n");  // corrected
    folder.clock.advance(std::chrono::minutes(1));
    EXPECT_THAT(folder.read(second.position).rows, ElementsAre("1|22"));
}

TEST(FilesSource, WaitsUntilAFileIsStable) {
    Folder folder;
    folder.put("h1.csv", "a,b\n1,2\n");
    folder.clock.advance(std::chrono::seconds(29));
    EXPECT_TRUE(folder.read().rows.empty());
    folder.clock.advance(std::chrono::seconds(2));
    EXPECT_EQ(folder.read().rows.size(), 1U);
    folder.store->files["h1.csv"].second.reset();
    EXPECT_THAT(folder.read().error, HasSubstr("use ready.marker"));
}

TEST(FilesSource, TakesOnlyFilesWhoseMarkerCountsTheirRecords) {
    Folder folder;
    folder.spec.marker = "{name}.ok";
    folder.spec.markerCounts = true;
    folder.put("h1.csv", "a,b\n1,2\n");
    folder.put("h2.csv", "a,b\n3,4\n5,6\n");
    folder.put("h2.csv.ok", "2\n");
    folder.put("h3.csv", "a,b\n7,8\n");
    folder.put("h3.csv.ok", "2\n");
    const ReadAll first = folder.read();
    EXPECT_EQ(first.error, "");
    EXPECT_THAT(first.rows, ElementsAre("3|4", "5|6"));
    ASSERT_EQ(first.rejected.size(), 1U);
    EXPECT_EQ(first.rejected[0].rule, "file");
    EXPECT_THAT(first.rejected[0].message, HasSubstr("h3.csv: the marker says 2 records, the file has 1"));
    EXPECT_TRUE(folder.read(first.position).rejected.empty());
    folder.clock.advance(std::chrono::seconds(1));
    folder.put("h3.csv", "a,b\n7,8\n9,0\n");
    EXPECT_THAT(folder.read(first.position).rows, ElementsAre("7|8", "9|0"));
}

TEST(FilesSource, GoesOnBehindTheLastRowOfTheSameContent) {
    Folder folder;
    std::string text = "a,b\n";
    for (int i = 0; i < 25'000; ++i) text += std::to_string(i) + (i == 12'345 ? "\n" : ",x\n");
    folder.put("h1.csv", text);
    folder.put("h2.csv", "a,b\nlast,row\n");
    folder.clock.advance(std::chrono::minutes(1));
    const ReadAll all = folder.read();
    ASSERT_EQ(all.rows.size(), 25'000U);
    ASSERT_GE(all.positions.size(), 3U);
    for (const Position& at : all.positions) {
        const ReadAll rest = folder.read(at);
        EXPECT_EQ(rest.error, "");
        EXPECT_TRUE(rest.rows.empty() || rest.rows.back() == "last|row");
        EXPECT_EQ(rest.rows, std::vector<std::string>(all.rows.end() - static_cast<std::ptrdiff_t>(rest.rows.size()),
                                                      all.rows.end()));
    }
    EXPECT_EQ(folder.read(all.positions[0]).rows.size(), 15'000U);
    EXPECT_EQ(folder.read(all.positions[0]).rejected.size(), 1U);
    EXPECT_TRUE(folder.read(all.positions[1]).rejected.empty());
    folder.put("h1.csv", "a,b\nnew,content\n");
    folder.clock.advance(std::chrono::minutes(1));
    EXPECT_THAT(folder.read(all.positions[0]).rows, ElementsAre("new|content", "last|row"));
}

TEST(FilesSource, StopsAtAFileWithAnotherHeaderAndKeepsWhatCameBefore) {
    Folder folder;
    folder.put("h1.csv", "a,b\n1,2\n");
    folder.put("h2.csv", "a,c\n3,4\n");
    folder.clock.advance(std::chrono::minutes(1));
    const ReadAll out = folder.read();
    EXPECT_THAT(out.rows, ElementsAre("1|2"));
    EXPECT_THAT(out.error, HasSubstr("h2.csv: the columns are not the expected ones"));
    EXPECT_THAT(folder.read(out.position).error, HasSubstr("h2.csv"));
}

TEST(FilesSource, ReadsOnlyTheNewestOfFilesThatHoldEverything) {
    Folder folder;
    folder.spec.complete = true;
    folder.put("d1.csv", "a,b\n1,2\n");
    folder.put("d2.csv", "a,b\n3,4\n");
    folder.clock.advance(std::chrono::minutes(1));
    EXPECT_THAT(folder.read({}, ReadMode::kFull).rows, ElementsAre("3|4"));
}

}  // namespace
}  // namespace yimen::sync
