#include "http/static_files.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace yimen::http {
namespace {

namespace fs = std::filesystem;

class StaticFilesTest : public testing::Test {
protected:
    void SetUp() override {
        base_ = fs::path(testing::TempDir()) / ("yimen-static-" + std::to_string(getpid()));
        fs::remove_all(base_);
        write("secret.txt", "secret");
        write("www/index.html", "<html>home</html>");
        write("www/assets/app-3f9c2b1a.js", "plain script");
        write("www/assets/app-3f9c2b1a.js.br", "brotli");
        write("www/assets/app-3f9c2b1a.js.gz", "gzip");
        write("www/assets/navigation.js", "n");
        write("www/.env", "hidden");
        write("www/.git/config", "hidden");
        fs::create_symlink(base_ / "secret.txt", base_ / "www/leak.txt");
        options_.spaIndex = "index.html";
        auto loaded = StaticFiles::load((base_ / "www").string(), options_);
        ASSERT_TRUE(loaded.ok()) << loaded.error().describe();
        files_ = *loaded;
    }
    void TearDown() override { fs::remove_all(base_); }

    void write(const std::string& name, const std::string& text) {
        fs::create_directories((base_ / name).parent_path());
        std::ofstream(base_ / name) << text;
    }
    std::optional<Response> get(const std::string& path, std::initializer_list<Headers::Field> fields = {}) {
        Request request;
        request.path = path;
        request.headers = Headers(fields);
        return files_->serve(request);
    }

    fs::path base_;
    StaticFilesOptions options_;
    std::shared_ptr<const StaticFiles> files_;
};

TEST_F(StaticFilesTest, ServesAHashedFileAsImmutable) {
    const auto response = get("/assets/app-3f9c2b1a.js");
    ASSERT_TRUE(response.has_value());
    EXPECT_EQ(response->content(), "plain script");
    EXPECT_EQ(response->headers.first("Content-Type"), "text/javascript; charset=utf-8");
    EXPECT_EQ(response->headers.first("Cache-Control"), "public, max-age=31536000, immutable");
    EXPECT_EQ(get("/assets/navigation.js")->headers.first("Cache-Control"), "no-cache");
}

TEST_F(StaticFilesTest, PrefersBrotliThenGzip) {
    const auto brotli = get("/assets/app-3f9c2b1a.js", {{"Accept-Encoding", "gzip, deflate, br"}});
    EXPECT_EQ(brotli->content(), "brotli");
    EXPECT_EQ(brotli->headers.first("Content-Encoding"), "br");
    EXPECT_EQ(brotli->headers.first("Vary"), "Accept-Encoding");
    EXPECT_EQ(get("/assets/app-3f9c2b1a.js", {{"Accept-Encoding", "gzip;q=0.5"}})->content(), "gzip");
    EXPECT_EQ(get("/assets/app-3f9c2b1a.js", {{"Accept-Encoding", "br;q=0, gzip;q=0.0"}})->content(), "plain script");
    EXPECT_EQ(get("/assets/app-3f9c2b1a.js", {{"Accept-Encoding", "brx"}})->content(), "plain script");
}

TEST_F(StaticFilesTest, GivesEachFormItsOwnStrongEtag) {
    const std::string plain(get("/assets/app-3f9c2b1a.js")->headers.first("ETag"));
    const std::string brotli(get("/assets/app-3f9c2b1a.js", {{"Accept-Encoding", "br"}})->headers.first("ETag"));
    EXPECT_NE(plain, brotli);
    EXPECT_TRUE(plain.starts_with('"') && plain.ends_with('"'));
}

TEST_F(StaticFilesTest, AnswersIfNoneMatchWith304) {
    const std::string etag(get("/index.html")->headers.first("ETag"));
    for (const std::string& field : {etag, "\"x\", " + etag, "W/" + etag, std::string("*")}) {
        const auto response = get("/index.html", {{"If-None-Match", field}});
        EXPECT_EQ(response->status, 304) << field;
        EXPECT_EQ(response->content(), "");
        EXPECT_EQ(response->headers.first("ETag"), etag);
    }
    EXPECT_EQ(get("/index.html", {{"If-None-Match", "\"other\""}})->status, 200);
}

TEST_F(StaticFilesTest, ServesTheIndexForPagesButNotForMissingFiles) {
    EXPECT_EQ(get("/")->content(), "<html>home</html>");
    EXPECT_EQ(get("/me/links")->content(), "<html>home</html>");
    EXPECT_FALSE(get("/assets/gone.js").has_value());
}

TEST_F(StaticFilesTest, NeverLeavesTheFolder) {
    for (const char* path :
         {"/../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt", "/assets/../../secret.txt", "/leak.txt", "/.env",
          "/.git/config", "//secret.txt", "/./secret.txt", "/assets/..\\..\\secret.txt"}) {
        const auto response = get(path);
        if (response) {
            EXPECT_EQ(response->content(), "<html>home</html>") << path;
        }
    }
    EXPECT_EQ(files_->fileCount(), 3U);
}

TEST_F(StaticFilesTest, LeavesOtherMethodsToOthers) {
    Request request;
    request.path = "/index.html";
    request.method = "POST";
    EXPECT_FALSE(files_->serve(request).has_value());
    request.method = "HEAD";
    EXPECT_TRUE(files_->serve(request).has_value());
}

TEST_F(StaticFilesTest, NamesTheLimitItPassed) {
    options_.maxTotalBytes = 20;
    const auto loaded = StaticFiles::load((base_ / "www").string(), options_);
    ASSERT_FALSE(loaded.ok());
    EXPECT_NE(loaded.error().message.find("maxTotalBytes"), std::string::npos);
    EXPECT_FALSE(StaticFiles::load((base_ / "none").string(), {}).ok());
}

}  // namespace
}  // namespace yimen::http
