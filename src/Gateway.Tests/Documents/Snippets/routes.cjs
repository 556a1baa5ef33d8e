// Routes of a backend in CommonJS, behind the JSON parser.
const router = require("express").Router();

router.post("/echo", (request, response) => response.json(request.body));

module.exports = router;
