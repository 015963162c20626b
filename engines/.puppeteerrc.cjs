// The browser is the system's (engines/setup installs one); none is fetched by npm.
module.exports = { skipDownload: true }
