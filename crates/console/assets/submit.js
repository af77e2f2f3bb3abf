// Submits the form of the form_post response mode. Fields may have any name, so the method is not taken
// from the form itself.
"use strict";

HTMLFormElement.prototype.submit.call(document.getElementById("form-post"));
