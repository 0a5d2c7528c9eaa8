package com.acme.shop;

/** A shop that sells a few things. */
public final class Shop {
    private int cents;

    public static void main(String[] arguments) {
        Shop shop = new Shop();
        for (int i = 0; i < 3; i++) {
            shop.sell(250);
        }
        System.out.println(shop.cents);
    }

    void sell(int price) {
        cents += price;
    }
}
