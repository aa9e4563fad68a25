// The page came back with mistakes: start reading there. Browsers without script begin at the top,
// where the summary stands.
document.querySelector(".error-summary")?.focus();
