#include "tls_files.h"

#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>

#pragma GCC diagnostic ignored "-Wold-style-cast"  // OpenSSL's macros

namespace yimen::test {
namespace {

using CertPointer = std::unique_ptr<X509, decltype(&X509_free)>;
using KeyPointer = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using FilePointer = std::unique_ptr<std::FILE, decltype(&std::fclose)>;

FilePointer openFile(const std::string& path, const char* mode) {
    return {std::fopen(path.c_str(), mode), &std::fclose};
}

CertPointer readCert(const std::string& path) {
    return {PEM_read_X509(openFile(path, "r").get(), nullptr, nullptr, nullptr), &X509_free};
}

void addExtension(X509* cert, int kind, const std::string& value) {
    X509_EXTENSION* const extension = X509V3_EXT_conf_nid(nullptr, nullptr, kind, value.c_str());
    X509_add_ext(cert, extension, -1);
    X509_EXTENSION_free(extension);
}

}  // namespace

TlsFilesForTest::TlsFilesForTest(const std::string& names, const TlsFilesForTest* issuer) {
    char pattern[] = "/tmp/yimen-tls-XXXXXX";
    folder_ = ::mkdtemp(pattern);
    const KeyPointer own(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"), &EVP_PKEY_free);
    const CertPointer cert(X509_new(), &X509_free);
    static long serial = 1;
    X509_set_version(cert.get(), 2);
    ASN1_INTEGER_set(X509_get_serialNumber(cert.get()), ++serial);
    X509_gmtime_adj(X509_getm_notBefore(cert.get()), -60);
    X509_gmtime_adj(X509_getm_notAfter(cert.get()), 3600);
    X509_set_pubkey(cert.get(), own.get());
    const std::string common = "test " + std::to_string(serial);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(cert.get()), "CN", MBSTRING_ASC,
                               static_cast<const unsigned char*>(static_cast<const void*>(common.c_str())), -1, -1, 0);
    addExtension(cert.get(), NID_subject_alt_name, names);
    if (issuer == nullptr) addExtension(cert.get(), NID_basic_constraints, "critical,CA:TRUE");
    CertPointer parent = issuer != nullptr ? readCert(issuer->certificate()) : CertPointer(nullptr, &X509_free);
    X509_set_issuer_name(cert.get(), X509_get_subject_name(parent ? parent.get() : cert.get()));
    KeyPointer signer(nullptr, &EVP_PKEY_free);
    if (issuer != nullptr) {
        signer.reset(PEM_read_PrivateKey(openFile(issuer->key(), "r").get(), nullptr, nullptr, nullptr));
    }
    X509_sign(cert.get(), signer ? signer.get() : own.get(), EVP_sha256());
    PEM_write_X509(openFile(certificate(), "w").get(), cert.get());
    PEM_write_PrivateKey(openFile(key(), "w").get(), own.get(), nullptr, nullptr, 0, nullptr, nullptr);
}

TlsFilesForTest::~TlsFilesForTest() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
}

std::string TlsFilesForTest::sha256() const {
    unsigned char digest[32];
    unsigned size = 0;
    X509_digest(readCert(certificate()).get(), EVP_sha256(), digest, &size);
    std::string text;
    char pair[3];
    for (const unsigned char byte : digest) {
        std::snprintf(pair, sizeof pair, "%02x", static_cast<unsigned>(byte));
        text += pair;
    }
    return text;
}

}  // namespace yimen::test
