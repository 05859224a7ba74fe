// git's words, as they reach people.
#include "git_fault.h"

#include "support/catch.h"

using namespace cowork;
using namespace cowork::fetch;

TEST_CASE("of git's words the last fatal ones are shown, without secrets and noise") {
  const std::pair<std::string, std::string> table[] = {
      {"", ""},
      {"warning: x\nfatal: one\nfatal: two\n", "two"},
      {"error: x\nerror: y\n", "error: y"},
      {"fatal: unable to access 'https://h.test/x?token=S3CRET/': server certificate verification failed. "
       "CAfile: none CRLfile: none\n",
       "unable to access 'https://h.test/x?***': server certificate verification failed."},
      {"fatal: repository 'https://h.test/x?a='S3CRET'\"S3CRET/' not found\n",
       "repository 'https://h.test/x?***' not found"},
      {"fatal: HTTPS://user:S3CRET@h.test/x and http://h.test/y#S3CRET.\n",
       "HTTPS://***@h.test/x and http://h.test/y?***."},
  };
  for (const auto& [errors, words] : table) {
    INFO(errors);
    CHECK(last_words(errors) == words);
  }
}

TEST_CASE("what git's words mean never holds a secret of the address") {
  Request request;
  request.what.address = "https://h.test/x?token=S3CRET";
  const Address address = parse_address(request.what.address).value();
  const std::string access = "fatal: unable to access 'https://h.test/x?token=S3CRET/': ";
  const std::pair<std::string, ErrorCode> table[] = {
      {"fatal: repository 'https://h.test/x?token=S3CRET/' not found\n", ErrorCode::not_found},
      {"fatal: couldn't find remote ref S\n", ErrorCode::not_found},
      {access + "The requested URL returned error: 410\n", ErrorCode::not_found},
      {access + "The requested URL returned error: 403\n", ErrorCode::network},
      {access + "The requested URL returned error: 500\n", ErrorCode::network},
      {"fatal: Authentication failed for 'https://h.test/x?token=S3CRET/'\n", ErrorCode::network},
      {access + "SSL certificate problem: self-signed certificate\n", ErrorCode::network},
      {access + "Could not resolve host: h.test\n", ErrorCode::network},
  };
  for (const auto& [errors, code] : table) {
    INFO(errors);
    const Error fault = git_fault({128, "", errors}, request, address);
    CHECK(to_string(fault.code()) == to_string(code));
    CHECK((fault.message() + fault.why() + fault.remedy()).find("S3CRET") == std::string::npos);
    CHECK_FALSE(fault.why().empty());
  }
}
