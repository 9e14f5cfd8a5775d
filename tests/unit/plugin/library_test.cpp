#include "plugin/library.h"

#include <dlfcn.h>
#include <gmock/gmock.h>

#include <bit>

#include "unit/plugin/fixture.h"

namespace yimen::plugin {
namespace {

using ::testing::HasSubstr;

class LibraryTest : public PluginFolder {};

TEST_F(LibraryTest, OpensAGoodOne) {
    const auto good = open("memory", "memory");
    ASSERT_TRUE(good.ok()) << good.error().describe();
    EXPECT_EQ((*good)->name(), "memory");
    EXPECT_EQ((*good)->version(), "1.2.3");
    EXPECT_EQ((*good)->kind(), "source");
    EXPECT_TRUE((*good)->threadSafe());
    EXPECT_FALSE((*good)->turn().owns_lock());
    EXPECT_EQ(refusal("NO_FAULT"), "opened");
}

TEST_F(LibraryTest, RefusesAnotherInterfaceVersion) {
    EXPECT_THAT(refusal("WRONG_VERSION"), HasSubstr("interface version 2, the hub has 1"));
}

TEST_F(LibraryTest, RefusesWrongSizes) {
    EXPECT_THAT(refusal("SIZE"), HasSubstr("size mismatch: YimenPlugin"));
    EXPECT_THAT(refusal("SOURCE_SIZE"), HasSubstr("size mismatch: YimenSource"));
}

TEST_F(LibraryTest, RefusesWhatHasNotTheSymbol) {
    EXPECT_THAT(refusal("NO_SYMBOL"), HasSubstr("does not export yimen_plugin_v1"));
    EXPECT_THAT(refusal("NOTHING"), HasSubstr("gave nothing"));
}

TEST_F(LibraryTest, RefusesWhatDoesNotFitItself) {
    EXPECT_THAT(refusal("NAME"), HasSubstr("does not fit its file refused.so"));
    EXPECT_THAT(refusal("KIND"), HasSubstr("does not fit the kind"));
    EXPECT_THAT(refusal("NO_FUNCTION"), HasSubstr("a function of the source is missing"));
    EXPECT_THAT(refusal("SCHEMA"), HasSubstr("unknown type 'objekt'"));
}

TEST_F(LibraryTest, SurvivesWhatFailsWhileItLoads) {
    EXPECT_THAT(refusal("THROWS_AT_LOAD"), HasSubstr("ends the process that loads it (signal 6)"));
    EXPECT_THAT(refusal("THROWS_IN_ENTRY"), HasSubstr("threw an exception"));
    EXPECT_THAT(refusal("ENDS_PROCESS"), HasSubstr("ends the process that loads it (signal"));
    EXPECT_THAT(refusal("MISSING_REFERENCE"), HasSubstr("undefined symbol: nobodyDefinesThis"));
}

TEST_F(LibraryTest, RefusesAnotherDigest) {
    const std::string path = put("memory", "memory");
    const auto opened = Library::open(path, std::string(64, '0'));
    ASSERT_FALSE(opened.ok());
    EXPECT_EQ(opened.error().code, core::ErrorCode::kDenied);
    EXPECT_THAT(opened.error().message, HasSubstr("its sha256 is " + digestOf(path)));
}

TEST_F(LibraryTest, IsNotExchangedWhileTheHubRuns) {
    const std::string path = put("clash-one", "clash-one");
    ASSERT_TRUE(Library::open(path, digestOf(path)).ok());
    // The loader would give the old code for the new file.
    put("clash-two", "clash-one");
    const auto opened = Library::open(path, digestOf(path));
    ASSERT_FALSE(opened.ok());
    EXPECT_THAT(opened.error().message, HasSubstr("restart"));
}

TEST_F(LibraryTest, RefusesRelativePaths) {
    EXPECT_FALSE(Library::open("memory.so", std::string(64, '0')).ok());
    EXPECT_FALSE(Library::open("./memory.so", std::string(64, '0')).ok());
}

TEST_F(LibraryTest, SerialisesWhatIsNotThreadSafe) {
    const auto opened = open("misbehaving", "misbehaving");
    ASSERT_TRUE(opened.ok()) << opened.error().describe();
    EXPECT_TRUE((*opened)->turn().owns_lock());
}

/// The first column's name, which is the answer of the plugin's own yimenTestClash().
std::string answerOf(const std::shared_ptr<const Library>& library) {
    const auto source = PluginSource::make(library, {});
    const auto fields = source.ok() ? (*source)->describe() : source.error();
    return fields.ok() ? fields->front().name : fields.error().describe();
}

TEST_F(LibraryTest, KeepsTheSymbolsOfTwoPluginsApart) {
    const auto one = library("clash-one");
    const auto two = library("clash-two");
    ASSERT_TRUE(one && two);
    EXPECT_EQ(answerOf(one), "answer 1");
    EXPECT_EQ(answerOf(two), "answer 2");
}

TEST_F(LibraryTest, WouldMixThemUpIfTheyWereOpenedGlobally) {
    // Proves that the test above bites: the same two files, opened as Poco's ClassLoader opens them.
    const std::string first = put("clash-one", "clash-one");
    const std::string second = put("clash-two", "clash-two");
    EXPECT_EXIT(
        {
            ::dlopen(first.c_str(), RTLD_NOW | RTLD_GLOBAL);
            void* opened = ::dlopen(second.c_str(), RTLD_NOW | RTLD_GLOBAL);
            void* symbol = ::dlsym(opened, "yimenTestClashCall");
            ::_exit((*static_cast<int (**)()>(symbol))());
        },
        ::testing::ExitedWithCode(1), "");
}

}  // namespace
}  // namespace yimen::plugin
