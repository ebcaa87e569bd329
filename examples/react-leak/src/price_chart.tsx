import { useEffect, useState } from "react";
import { subscribe } from "./price_feed.ts";

interface Point {
  price: number;
  x: number;
}

export function PriceChart({ stock }: { stock: string }) {
  const [points, setPoints] = useState<Point[]>([]);
  useEffect(() => {
    const history: Point[] = [];
    subscribe((price) => {
      history.push({ price, x: history.length });
      setPoints([...history.slice(-50)]);
    });
    // The leak: nobody calls what `subscribe` has given back, so the feed keeps the listener, and it the history.
  }, []);
  return (
    <figure>
      <figcaption>{stock}</figcaption>
      <svg viewBox="0 80 50 40" role="img" aria-label={stock}>
        <polyline
          points={points.map(({ price }, x) => `${x},${price}`).join(" ")}
          fill="none"
          stroke="green"
        />
      </svg>
    </figure>
  );
}
